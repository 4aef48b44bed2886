using SchemaStream.Protocol;
using SchemaStream.Transport.Wire.Connections;
using SchemaStream.Transport.Wire.Producing;

namespace SchemaStream.Tests.Transport.Wire.Producing;

/// <summary>Whatever becomes of requests, records are in the log once and in their order, and their senders are told the truth.</summary>
public sealed class ProduceStateTests
{
    private const int Histories = 1_000;
    private const int Steps = 300;

    [Fact]
    public void RandomHistories_LoseNothing_DoubleNothing_AndKeepTheOrder()
    {
        for (var seed = 0; seed < Histories; seed++)
        {
            try
            {
                new ProduceHistory(seed).Run(Steps);
            }
            catch (Exception failure)
            {
                throw new InvalidOperationException($"Seed {seed}: {failure.Message}", failure);
            }
        }
    }

    [Fact]
    public void TopicThatIsMadeAnewWithFewerPartitions_FailsWhatHasNoPlaceLeft()
    {
        var state = new ProduceState("notes", new ProduceSettings(), _ => 0);
        state.OnLayout(LayoutOf(Guid.NewGuid(), partitions: 3), nowMs: 0);
        foreach (var partition in new[] { 0, 2 })
        {
            var record = Records.Of(partition, partition);
            state.Add(record, ProducerBatch.SizeOf(record), delivery: null, timestampMs: 0, nowMs: 0, out _);
        }

        state.OnLayout(LayoutOf(Guid.NewGuid(), partitions: 1), nowMs: 10);

        state.Settled.ShouldHaveSingleItem().Failure!.Code.ShouldBe("UNKNOWN_PARTITION");
        state.Settled[0].Partition.ShouldBe(2);
        (state.Pending, state.IsPartition(0), state.IsPartition(1)).ShouldBe((1, true, false));
    }

    [Fact]
    public void BatchWhoseLingerIsOver_WaitsForItsLeader_WithoutADeadline()
    {
        var state = new ProduceState("notes", new ProduceSettings { LingerMs = 5, DeliveryTimeoutMs = 60_000 }, _ => 0);
        state.OnLayout(new TopicLayout(ErrorCode.None, Guid.NewGuid(), [new PartitionLeader(0, 1, 0)]), nowMs: 0);
        var record = Records.Of(0, 0);
        state.Add(record, ProducerBatch.SizeOf(record), delivery: null, timestampMs: 0, nowMs: 100, out _);

        state.NextDeadlineMs(nowMs: 100).ShouldBe(105);
        state.OnUnreachable(1, nowMs: 104);
        state.TakeLayoutChore(nowMs: 10_000).ShouldBeTrue();

        state.NextDeadlineMs(nowMs: 10_000).ShouldBe(60_100); // when it expires
    }

    private static TopicLayout LayoutOf(Guid id, int partitions) =>
        new(ErrorCode.None, id, [.. Enumerable.Range(0, partitions).Select(n => new PartitionLeader(n, 1, 0))]);
}

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

    [Theory]
    [InlineData(ErrorCode.NotEnoughReplicas, false)]
    [InlineData(ErrorCode.NotEnoughReplicasAfterAppend, true)]
    public void BatchThatHasGoneAsOftenAsItMay_FailsWithTheLastReason(ErrorCode error, bool isInDoubt)
    {
        var state = new ProduceState("notes", new ProduceSettings { LingerMs = 0, MaxRetries = 2, RetryBackoffMs = 10 }, _ => 0);
        state.OnLayout(LayoutOf(Guid.NewGuid(), partitions: 1), nowMs: 0);
        var record = Records.Of(0, 0);
        state.Add(record, ProducerBatch.SizeOf(record), delivery: null, timestampMs: 0, nowMs: 0, out _);

        for (var attempt = 0; attempt < 3; attempt++)
        {
            state.Settled.ShouldBeEmpty();
            Refuse(state, error, nowMs: 1000 * attempt);
        }

        var failure = state.Settled.ShouldHaveSingleItem().Failure!;
        failure.Code.ShouldBe(WireErrors.NameOf(error));
        failure.IsOutcomeUnknown.ShouldBe(isInDoubt);
        state.Pending.ShouldBe(0);
        state.TryFill(new ProduceTurn(), 1, nowMs: 10_000).ShouldBeFalse();
    }

    private static void Refuse(ProduceState state, ErrorCode error, long nowMs)
    {
        var turn = new ProduceTurn();
        state.TryFill(turn, 1, nowMs).ShouldBeTrue();
        turn.Response.Responses.Add(new() { Name = "notes", PartitionResponses = [new() { Index = 0, ErrorCode = error }] });
        state.OnResponse(turn, isById: false, nowMs);
    }

    private static TopicLayout LayoutOf(Guid id, int partitions) =>
        new(ErrorCode.None, id, [.. Enumerable.Range(0, partitions).Select(n => new PartitionLeader(n, 1, 0))]);
}

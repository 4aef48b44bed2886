using System.Buffers.Binary;
using SchemaStream.Broker.Runtime.Observation;

namespace SchemaStream.Broker.Runtime.Tests.Observation;

public sealed class BrokerCountsTests
{
    [Fact]
    public void Traffic_IsCountedByTopic_AndRecordsFromTheBatchesThemselves()
    {
        var counts = new BrokerCounts(10);
        counts.Of("orders").Produced(bytes: 100, records: 5);
        counts.Of("orders").Fetched([.. Batch(records: 3), .. Batch(records: 4)]);

        var topic = counts.Topics.ShouldHaveSingleItem();

        (topic.Topic, topic.Received, topic.RecordsReceived, topic.Sent, topic.RecordsSent).ShouldBe(("orders", 100, 5, 140, 7));
    }

    [Fact]
    public void Topics_BeyondTheLimit_CountTogether_UntilOthersAreGone()
    {
        var counts = new BrokerCounts(2);
        foreach (var topic in new[] { "a", "b", "c", "d" })
        {
            counts.Of(topic).Produced(1, 1);
        }

        counts.Topics.Select(topic => (topic.Topic, topic.Received)).Order().ShouldBe([("(other)", 2), ("a", 1), ("b", 1)]);
        counts.Forget(topic => topic == "a");
        counts.Of("c").Topic.ShouldBe("c");
    }

    [Fact]
    public void Counting_AllocatesNothing()
    {
        var traffic = new BrokerCounts(2).Of("a");
        var batch = Batch(records: 3);
        traffic.Fetched(batch);
        var before = GC.GetAllocatedBytesForCurrentThread();

        for (var i = 0; i < 1_000; i++)
        {
            traffic.Produced(batch.Length, 3);
            traffic.Fetched(batch);
        }

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
    }

    [Theory]
    [InlineData(3, 2, 1, 0)]
    [InlineData(2, 3, 0, 1)]
    [InlineData(2, 2, 0, 0)]
    public void Isr_ShrinksOrExpands(int before, int after, long shrinks, long expansions)
    {
        var counts = new BrokerCounts(1);
        counts.IsrChanged(before, after);
        (counts.IsrShrinks, counts.IsrExpansions).ShouldBe((shrinks, expansions));
    }

    /// <summary>Seventy bytes, of which the length and the count matter here.</summary>
    private static byte[] Batch(int records)
    {
        var batch = new byte[70];
        BinaryPrimitives.WriteInt32BigEndian(batch.AsSpan(8), batch.Length - 12);
        BinaryPrimitives.WriteInt32BigEndian(batch.AsSpan(57), records);
        return batch;
    }
}

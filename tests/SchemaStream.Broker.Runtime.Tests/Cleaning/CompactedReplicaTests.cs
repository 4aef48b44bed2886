using SchemaStream.Broker.Runtime.Access;
using SchemaStream.Broker.Runtime.Cleaning;
using SchemaStream.Broker.Runtime.Tests.Replicas;
using SchemaStream.Protocol;
using SchemaStream.Protocol.Records;

namespace SchemaStream.Broker.Runtime.Tests.Cleaning;

public sealed class CompactedReplicaTests
{
    [Fact]
    public async Task Follower_OfACompactedLog_HasItWithItsGaps_AndLeadsItOn()
    {
        await using var cluster = await ReplicaCluster.StartAsync(
            2,
            options => options with { Cleaner = new CleanerOptions { Backoff = TimeSpan.FromMilliseconds(20) } },
            inMemory: true);
        var states = await cluster.CreateTopicAsync(
            "states",
            [[1, 2]],
            ("cleanup.policy", "compact"),
            ("segment.bytes", "500"),
            ("min.cleanable.dirty.ratio", "0.01"));
        await cluster.KillAsync(2);
        for (var i = 0; i < 40; i++)
        {
            (await cluster[1].ProduceAsync(states, TestBatch.Of($"value {i}"))).Error.ShouldBe(ErrorCode.None);
        }

        // All have the same key: what is left is what lies in the active segment, and the newest before it.
        await RuntimeUnderTest.UntilAsync(async () => (await ReadAsync(cluster[1], states)).Count < 15);

        await cluster.StartBrokerAsync(2);
        await ReplicaCluster.UntilAsync(() => cluster.Registration(states).Isr.Contains(2));
        await cluster.FenceAsync(1);
        await ReplicaCluster.UntilAsync(() => cluster.Registration(states).Leader == 2);
        var read = await ReadAsync(cluster[2], states);
        read.Count.ShouldBeLessThan(15);
        read[^1].ShouldBe("value 39");
        var produced = await cluster[2].ProduceAsync(states, TestBatch.Of("on"));
        (produced.Error, produced.BaseOffset).ShouldBe((ErrorCode.None, 40));
    }

    /// <summary>Reads on behind each gap, as a consumer does.</summary>
    private static async Task<List<string>> ReadAsync(ReplicaNode node, TopicIdPartition partition)
    {
        var values = new List<string>();
        for (var next = 0L; ;)
        {
            using var fetched = await node.Partitions.FetchAsync(
                RuntimeUnderTest.Query([new FetchPartition(partition, next, 1 << 20)]), CancellationToken.None);
            fetched.Partitions[0].Error.ShouldBe(ErrorCode.None);
            if (fetched.Partitions[0].Records.IsEmpty)
            {
                return values;
            }

            values.AddRange(RuntimeUnderTest.ValuesOf(fetched.Partitions[0]));
            next = RecordBatches.Split(fetched.Partitions[0].Records).Last().Header.NextOffset;
        }
    }
}

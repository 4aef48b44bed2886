using System.Diagnostics;
using SchemaStream.Broker.Metadata.Commands;
using SchemaStream.Broker.Metadata.Images;

namespace SchemaStream.Broker.Metadata.Tests.Partitions;

/// <summary>A broker with ten thousand partitions dies: how much work that is.</summary>
public sealed class BrokerDeathTests(Xunit.Abstractions.ITestOutputHelper output)
{
    private const int Partitions = 10_000;

    [Theory]
    [InlineData(1)]
    [InlineData(100)]
    [InlineData(Partitions)]
    public void Death_OfALeaderOfTenThousandPartitions_IsDecidedAndReplayedAtOnce(int topics)
    {
        var (cluster, before, elapsed) = Die(topics);
        output.WriteLine($"{topics} topics: {elapsed.TotalMilliseconds:F1} ms");

        cluster.Image.TopicsByName.Values.SelectMany(topic => topic.Partitions).ShouldAllBe(partition => partition.Leader == 2 && partition.Isr.Length == 2);
        cluster.Image.ChangedSince(before).Topics.Count.ShouldBe(topics);
        cluster.Image.ChangedSince(before).Topics.Sum(change => change.Partitions().Count()).ShouldBe(Partitions);
        elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(2), "it takes a fraction of this on a machine that does nothing else");
    }

    private static (ControllerDriver Cluster, MetadataImage Before, TimeSpan Elapsed) Die(int topics)
    {
        var cluster = ControllerDriver.WithBrokers(3);
        cluster.Submit(new CreateTopicsCommand([.. Enumerable.Range(0, topics).Select(number => new NewTopic($"topic-{number}")
        {
            Assignments = [.. Enumerable.Range(0, Partitions / topics).Select(partition => new PartitionAssignment(partition, [1, 2, 3]))],
        })]));
        cluster.Tick(4_000);
        cluster.Tick(4_000);
        cluster.Heartbeat(2);
        cluster.Heartbeat(3);
        cluster.NowMs += 1_000;
        var before = cluster.Image;

        var watch = Stopwatch.StartNew();
        while (cluster.Controller.Tick(cluster.NowMs) is { Count: > 0 } records)
        {
            cluster.Controller.Replay(records, cluster.Image.Offset + records.Count);
            _ = cluster.Image.ChangedSince(before);
        }

        return (cluster, before, watch.Elapsed);
    }
}

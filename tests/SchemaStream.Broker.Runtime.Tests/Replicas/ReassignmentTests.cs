using SchemaStream.Broker.Metadata.Commands;
using SchemaStream.Broker.Runtime.Access;
using SchemaStream.Protocol;

namespace SchemaStream.Broker.Runtime.Tests.Replicas;

/// <summary>Partitions that come to a broker and go from it.</summary>
public sealed class ReassignmentTests
{
    [Fact]
    public async Task PartitionThatMoves_TakesItsRecordsAlong_AndLeavesNothingBehind()
    {
        await using var cluster = await ReplicaCluster.StartAsync(3);
        var orders = await cluster.CreateTopicAsync("orders", [[1, 2]]);
        await cluster[1].ProduceAsync(orders, TestBatch.Of("a", "b"));

        var reply = await cluster.SubmitAsync(
            new AlterPartitionReassignmentsCommand([new PartitionReassignment("orders", 0, [3, 2])]));
        reply.Partitions[0].ErrorCode.ShouldBe(ErrorCode.None);

        await ReplicaCluster.UntilAsync(() => !cluster.Registration(orders).IsReassigning);
        var registration = cluster.Registration(orders);
        registration.Replicas.ShouldBe([3, 2]);
        await ReplicaCluster.UntilAsync(() => !Directory.Exists(Path.Combine(cluster[1].DataDirectory, "orders-0")));
        await ReplicaCluster.UntilAsync(() => cluster[registration.Leader].Image.Offset >= cluster.Image.Offset);
        (await cluster[registration.Leader].ProduceAsync(orders, TestBatch.Of("c"))).Error.ShouldBe(ErrorCode.None);
        await cluster[3].UntilReadableAsync(orders, 3);
        (await cluster[3].ReadAllAsync(orders)).ShouldBe(["a", "b", "c"]);
        (await cluster[1].ProduceAsync(orders, TestBatch.Of("d"))).Error.ShouldBe(ErrorCode.NotLeaderOrFollower);
    }

    [Fact]
    public async Task TopicMadeAnew_WhileABrokerHeardNothing_DoesNotGetTheOldOnesRecords()
    {
        await using var cluster = await ReplicaCluster.StartAsync(2);
        var old = await cluster.CreateTopicAsync("orders", [[1, 2]]);
        await cluster[1].ProduceAsync(old, TestBatch.Of("old"));

        // Broker 2 sees both changes in one image.
        cluster[2].HoldImages();
        await cluster.SubmitAsync(new DeleteTopicsCommand([TopicSelector.ByName("orders")]));
        var young = await cluster.CreateTopicAsync("orders", [[1, 2]]);
        await cluster[2].ReleaseImages();

        (await cluster[1].ProduceAsync(young, TestBatch.Of("young"))).Error.ShouldBe(ErrorCode.None);
        await cluster[2].UntilReadableAsync(young, 1);
        (await cluster[2].ReadAllAsync(young)).ShouldBe(["young"]);
    }

    [Fact]
    public async Task FollowerBehindTheLeadersBeginning_StartsAnewThere()
    {
        await using var cluster = await ReplicaCluster.StartAsync(3);
        var orders = await cluster.CreateTopicAsync("orders", [[1, 2, 3]]);
        await cluster[1].ProduceAsync(orders, TestBatch.Of("a"));
        await cluster.KillAsync(3);
        for (var i = 0; i < 5; i++)
        {
            await cluster[1].ProduceAsync(orders, TestBatch.Of($"{i}"));
        }

        (await cluster[1].Partitions.DeleteRecordsAsync(orders, 4)).Error.ShouldBe(ErrorCode.None);
        await cluster.StartBrokerAsync(3);

        await cluster.UntilIsrAsync(orders, 1, 2, 3);
        var query = RuntimeUnderTest.Query([new FetchPartition(orders, 4, 1 << 20)]);
        query.ClientRack = "any";
        await RuntimeUnderTest.UntilAsync(async () =>
        {
            using var fetched = await cluster[3].Partitions.FetchAsync(query, CancellationToken.None);
            return RuntimeUnderTest.ValuesOf(fetched.Partitions[0]).SequenceEqual(["3", "4"]);
        });
    }

    [Fact]
    public async Task HundredsOfLeadersInOneImage_ChangeAtOnce()
    {
        const int partitions = 500;
        await using var cluster = await ReplicaCluster.StartAsync(2, inMemory: true);
        var assignments = Enumerable.Range(0, partitions).Select(_ => new[] { 1, 2 }).ToArray();
        await cluster.CreateTopicAsync("orders", assignments);

        var started = TimeProvider.System.GetTimestamp();
        await cluster.FenceAsync(1);
        var elapsed = TimeProvider.System.GetElapsedTime(started);

        cluster.Image.TryGetTopic("orders", out var topic).ShouldBeTrue();
        topic!.Partitions.ShouldAllBe(partition => partition.Leader == 2);
        elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(2), "a broker's death with all its leaderships");
    }
}

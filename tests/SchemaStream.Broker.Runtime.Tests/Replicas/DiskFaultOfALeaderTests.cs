using SchemaStream.Broker.Runtime.Access;
using SchemaStream.Broker.Storage.Simulation;
using SchemaStream.Protocol;

namespace SchemaStream.Broker.Runtime.Tests.Replicas;

/// <summary>A leader whose disk fails gives its partitions to those that are in sync.</summary>
public sealed class DiskFaultOfALeaderTests
{
    [Fact]
    public async Task FullDisk_MovesTheLeadership_AndTheReplicaFollowsOnceThereIsRoom()
    {
        await using var cluster = await ReplicaCluster.StartAsync(3, inMemory: true);
        var orders = await cluster.CreateTopicAsync("orders", [[1, 2, 3]], ("min.insync.replicas", "2"));
        await ProduceUntilTakenAsync(cluster, 1, orders, "a");
        var refused = 0;
        cluster.Disks[1].Fault = (operation, path) =>
        {
            var isRefused = operation == DiskOperation.Write && path.Contains("orders", StringComparison.Ordinal);
            refused += isRefused ? 1 : 0;
            return isRefused ? "no space left on device" : null;
        };

        (await cluster[1].ProduceAsync(orders, TestBatch.Of("lost"))).Error.ShouldBe(ErrorCode.KafkaStorageError);
        await ReplicaCluster.UntilAsync(() => cluster.Registration(orders).Leader == 2);

        // Having all that the new leader has, it would count as in sync, and whoever wants all to have a record would wait.
        await ReplicaCluster.UntilAsync(() => Volatile.Read(ref refused) > 1);
        cluster.Registration(orders).Isr.ShouldNotContain(1);
        await ProduceUntilTakenAsync(cluster, 2, orders, "b");

        cluster.Disks[1].Fault = null;
        await ReplicaCluster.UntilAsync(() => cluster.Registration(orders).Isr.Contains(1));
        await cluster[1].UntilReadableAsync(orders, 2);
        (await cluster[2].ReadAllAsync(orders)).ShouldBe(["a", "b"]);
    }

    [Fact]
    public async Task DiskThatFailsToSync_MovesTheLeadership_AndNothingAcknowledgedIsLost()
    {
        await using var cluster = await ReplicaCluster.StartAsync(2, inMemory: true);
        var orders = await cluster.CreateTopicAsync("orders", [[1, 2]], ("schemastream.flush", "group"));
        await ProduceUntilTakenAsync(cluster, 1, orders, "a");
        cluster.Disks[1].Fault = (operation, path) =>
            operation == DiskOperation.Flush && path.Contains("orders", StringComparison.Ordinal) ? "input/output error" : null;

        (await cluster[1].ProduceAsync(orders, TestBatch.Of("not acknowledged"))).Error.ShouldBe(ErrorCode.KafkaStorageError);

        await ReplicaCluster.UntilAsync(() => cluster.Registration(orders).Leader == 2);
        await ProduceUntilTakenAsync(cluster, 2, orders, "b");
        var read = await cluster[2].ReadAllAsync(orders);
        read.Where(value => value.Length == 1).ShouldBe(["a", "b"]);
    }

    [Fact]
    public async Task OnlyReplica_StaysWhereItIs()
    {
        await using var cluster = await ReplicaCluster.StartAsync(2, inMemory: true);
        var orders = await cluster.CreateTopicAsync("orders", [[1]]);
        await ProduceUntilTakenAsync(cluster, 1, orders, "a");
        cluster.Disks[1].Fault = (operation, path) =>
            operation == DiskOperation.Write && path.Contains("orders", StringComparison.Ordinal) ? "no space left on device" : null;

        (await cluster[1].ProduceAsync(orders, TestBatch.Of("lost"))).Error.ShouldBe(ErrorCode.KafkaStorageError);

        cluster.Registration(orders).Leader.ShouldBe(1);
        (await cluster[1].ReadAllAsync(orders)).ShouldBe(["a"]);
    }

    private static async Task ProduceUntilTakenAsync(ReplicaCluster cluster, int leader, TopicIdPartition partition, string value)
    {
        var error = ErrorCode.NotLeaderOrFollower;
        await RuntimeUnderTest.UntilAsync(async () =>
        {
            error = (await cluster[leader].ProduceAsync(partition, TestBatch.Of(value))).Error;
            return error is not (ErrorCode.NotLeaderOrFollower or ErrorCode.NotEnoughReplicas);
        });
        error.ShouldBe(ErrorCode.None);
    }
}

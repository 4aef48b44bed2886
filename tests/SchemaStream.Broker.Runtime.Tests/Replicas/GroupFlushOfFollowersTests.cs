using SchemaStream.Broker.Runtime.Access;
using SchemaStream.Broker.Storage;
using SchemaStream.Broker.Storage.Directories;
using SchemaStream.Broker.Storage.Files;
using SchemaStream.Broker.Storage.Simulation;
using SchemaStream.Protocol;

namespace SchemaStream.Broker.Runtime.Tests.Replicas;

/// <summary><c>schemastream.flush=group</c> with several replicas: whoever counts for a commit has it on its disk.</summary>
public sealed class GroupFlushOfFollowersTests
{
    [Fact]
    public async Task Acknowledgement_WaitsForTheDisksOfTheFollowers()
    {
        await using var cluster = await ReplicaCluster.StartAsync(2, inMemory: true);
        var orders = await cluster.CreateTopicAsync("orders", [[1, 2]], ("schemastream.flush", "group"));
        await ProduceUntilTakenAsync(cluster, orders, "a");
        using var gate = new ManualResetEventSlim();
        var flushes = 0;
        cluster.Disks[2].Fault = (operation, path) =>
        {
            if (operation == DiskOperation.Flush && path.Contains("orders", StringComparison.Ordinal))
            {
                Interlocked.Increment(ref flushes);
                gate.Wait();
            }

            return null;
        };

        var produce = cluster[1].ProduceAsync(orders, TestBatch.Of("b")).AsTask();
        await RuntimeUnderTest.UntilAsync(() => Task.FromResult(Volatile.Read(ref flushes) > 0));

        produce.IsCompleted.ShouldBeFalse();
        (await cluster[1].ReadAllAsync(orders)).ShouldBe(["a"]);

        gate.Set();
        (await produce).Error.ShouldBe(ErrorCode.None);
        (await cluster[1].ReadAllAsync(orders)).ShouldBe(["a", "b"]);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task LossOfPowerEverywhere_TakesNothingThatWasAcknowledged(int seed)
    {
        var random = new Random(seed);
        await using var cluster = await ReplicaCluster.StartAsync(3, inMemory: true);
        var orders = await cluster.CreateTopicAsync(
            "orders", [[1, 2, 3]], ("schemastream.flush", "group"), ("segment.bytes", "1000"), ("min.insync.replicas", "2"));
        const int acknowledged = 30;
        for (var number = 0; number < acknowledged; number++)
        {
            await ProduceUntilTakenAsync(cluster, orders, $"{number}");
        }

        var isr = cluster.Registration(orders).Isr;
        foreach (var id in isr)
        {
            cluster.Disks[id].Fault = (operation, path) =>
                operation != DiskOperation.Read && path.Contains("orders", StringComparison.Ordinal) ? "the power is gone" : null;
        }

        foreach (var id in isr)
        {
            await cluster.KillAsync(id);
            cluster.Disks[id].LosePower(random);
            cluster.Disks[id].Fault = null;
        }

        // Whichever of them is elected has all of it.
        foreach (var id in isr)
        {
            using var data = DataDirectory.Open(cluster.Disks[id].Directory("data"));
            using var log = data.OpenLog(
                new PartitionDirectory("orders", 0), orders.TopicId, new LogConfig(), new LogFileCache(16), nowMs: 0);
            log.LogEndOffset.ShouldBeGreaterThanOrEqualTo(acknowledged, $"replica {id}");
        }
    }

    [Fact]
    public async Task FollowerWhoseDiskFailsToSync_CountsForNothingMore()
    {
        await using var cluster = await ReplicaCluster.StartAsync(2, inMemory: true);
        var orders = await cluster.CreateTopicAsync("orders", [[1, 2]], ("schemastream.flush", "group"));
        await ProduceUntilTakenAsync(cluster, orders, "a");
        cluster.Disks[2].Fault = (operation, path) =>
            operation == DiskOperation.Flush && path.Contains("orders", StringComparison.Ordinal) ? "input/output error" : null;

        var produced = await cluster[1].Partitions.ProduceAsync(
            orders, TestBatch.Of("b"), new ProduceOptions(RequiredAcks.All, TimeSpan.FromMilliseconds(500)));

        produced.Error.ShouldBe(ErrorCode.RequestTimedOut);
        (await cluster[1].ReadAllAsync(orders)).ShouldBe(["a"]);
    }

    private static async Task ProduceUntilTakenAsync(ReplicaCluster cluster, TopicIdPartition partition, string value)
    {
        var error = ErrorCode.NotLeaderOrFollower;
        await RuntimeUnderTest.UntilAsync(async () =>
        {
            error = (await cluster[1].ProduceAsync(partition, TestBatch.Of(value))).Error;
            return error is not (ErrorCode.NotLeaderOrFollower or ErrorCode.NotEnoughReplicas);
        });
        error.ShouldBe(ErrorCode.None);
    }
}

using SchemaStream.Broker.Storage.Simulation;

namespace SchemaStream.Broker.Storage.Tests;

/// <summary>What opening and closing cost a disk: thousands of logs and segments must not be noticed.</summary>
public sealed class OpenAndCloseCostTests
{
    [Fact]
    public void Open_OfAThousandSegments_OpensTheLastOneOnly()
    {
        var world = new LogWorld(LogWorld.Small with { SegmentBytes = 120 });
        world.Append(1000);
        world.Log.SegmentCount.ShouldBeGreaterThan(900);
        world.Log.Flush();

        CountOf(world, DiskOperation.Open, () => world.Restart()).ShouldBeLessThan(30);

        world.ReadOffsets().Count.ShouldBe(1000);
    }

    [Fact]
    public void Crash_OfAThousandSegments_HasThoseBehindTheRecoveryPointRead()
    {
        var world = new LogWorld(LogWorld.Small with { SegmentBytes = 120 });
        world.Append(1000);
        world.Log.Flush();
        var recoveryPoint = world.Log.RecoveryPoint;
        world.Append(5);

        world.Crash(recoveryPoint).Recovery.SegmentsScanned.ShouldBeLessThan(10);
    }

    [Fact]
    public void Close_OfALogThatNothingHappenedTo_SyncsNothing()
    {
        var world = new LogWorld();
        world.Append(10);
        world.Restart();

        Syncs(world, () => world.Restart()).ShouldBe(0);
        Syncs(world, () =>
        {
            world.Append();
            world.Restart();
        }).ShouldBeGreaterThan(0);
    }

    [Fact]
    public void Close_OfAnEmptyLog_SyncsItsNamesOnly()
    {
        var world = new LogWorld();

        Syncs(world, () => world.Restart()).ShouldBe(1);
        world.Files(".snapshot").ShouldBeEmpty();
    }

    private static int Syncs(LogWorld world, Action action) =>
        CountOfAll(world, [DiskOperation.Flush, DiskOperation.SyncDirectory], action);

    private static int CountOf(LogWorld world, DiskOperation operation, Action action) => CountOfAll(world, [operation], action);

    private static int CountOfAll(LogWorld world, DiskOperation[] operations, Action action)
    {
        int Count() => operations.Sum(operation => world.Disk.Operations.TryGetValue(operation, out var count) ? count : 0);
        var before = Count();
        action();
        return Count() - before;
    }
}

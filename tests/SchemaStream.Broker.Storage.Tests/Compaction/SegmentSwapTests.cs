using SchemaStream.Broker.Storage.Files;
using SchemaStream.Broker.Storage.Simulation;

namespace SchemaStream.Broker.Storage.Tests.Compaction;

/// <summary>A compaction that is interrupted anywhere leaves a log that says the same.</summary>
public sealed class SegmentSwapTests
{
    [Fact]
    public void ACrashAtAnyOperation_LeavesTheLogAsItWasOrCompacted()
    {
        var survived = 0;
        for (var failing = 0; failing < 200; failing++)
        {
            survived += CrashAt(failing, losePower: false) ? 1 : 0;
        }

        survived.ShouldBeInRange(20, 199);
    }

    [Fact]
    public void ALossOfPowerAtAnyOperation_LeavesTheLogAsItWasOrCompacted()
    {
        for (var failing = 0; failing < 100; failing++)
        {
            CrashAt(failing, losePower: true);
        }
    }

    [Fact]
    public void WhatACrashLeftOfACompaction_IsTakenAwayAtTheNextStart()
    {
        var world = Filled();
        using (var file = world.World.Directory.Open("00000000000000000000.log.cleaned"))
        {
            file.Write(0, [1, 2, 3]);
        }

        using (var file = world.World.Directory.Open("00000000000000000000.index.swap"))
        {
            file.Write(0, [1, 2, 3]);
        }

        world.World.Crash();

        world.World.Files(".cleaned").ShouldBeEmpty();
        world.World.Files(".swap").ShouldBeEmpty();
        world.Read().Count.ShouldBe(60);
    }

    private static bool CrashAt(int failing, bool losePower)
    {
        var world = Filled();
        var newest = world.Read().GroupBy(seen => seen.Key).Select(key => key.Last()).ToList();
        var left = failing;
        world.World.Disk.Fault = (operation, _) => operation != DiskOperation.Read && left-- <= 0 ? "broken" : null;
        var hasFailed = false;
        try
        {
            world.Compact();
        }
        catch (LogStorageException)
        {
            hasFailed = true;
        }

        world.World.Disk.Fault = null;
        var checkpoint = world.Log.RecoveryPoint;
        if (losePower)
        {
            world.World.LosePower(new Random(failing), checkpoint);
        }
        else
        {
            world.World.Crash(checkpoint);
        }

        world.Log.LogEndOffset.ShouldBe(60);
        world.World.Files(".swap").ShouldBeEmpty();
        var read = world.Read();
        read.GroupBy(seen => seen.Key).Select(key => key.Last()).ShouldBe(newest, ignoreOrder: true);
        read.Select(seen => seen.Offset).ShouldBeInOrder();

        // And it can be compacted to the end after that.
        world.Log.Flush();
        world.CleanedTo = null;
        world.Compact();
        world.Read().ShouldBe(newest, ignoreOrder: true);
        return hasFailed;
    }

    private static CompactedWorld Filled()
    {
        var world = new CompactedWorld();
        for (var i = 0; i < 60; i++)
        {
            world.Append((CompactedWorld.Key(i % 20), $"value {i}"));
        }

        world.Roll();
        return world;
    }
}

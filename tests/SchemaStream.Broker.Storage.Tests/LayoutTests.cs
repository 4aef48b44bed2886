using System.Buffers.Binary;
using SchemaStream.Broker.Storage.Files;
using SchemaStream.Protocol.Checksums;

namespace SchemaStream.Broker.Storage.Tests;

/// <summary>What lies on disk is for ever, and Kafka's own tools can read it: these bytes only change with a migration.</summary>
public sealed class LayoutTests
{
    [Fact]
    public void PartitionDirectory_HasKafkasFileNames()
    {
        var world = new LogWorld(LogWorld.Small with { SegmentBytes = 250 });
        world.Append(3);
        world.Log.Close();

        world.Directory.ListFiles().Order(StringComparer.Ordinal).ShouldBe(
        [
            "00000000000000000000.index",
            "00000000000000000000.log",
            "00000000000000000000.timeindex",
            "00000000000000000002.index",
            "00000000000000000002.log",
            "00000000000000000002.snapshot",
            "00000000000000000002.timeindex",
            "00000000000000000003.snapshot",
            "leader-epoch-checkpoint",
        ]);
    }

    [Fact]
    public void Segment_IsTheBatchesAsTheyWereSent_AndItsIndexesAreKafkas()
    {
        var world = new LogWorld(LogConfig.Default with { IndexIntervalBytes = 150 });
        var expected = new List<byte>();
        for (var i = 0; i < 5; i++)
        {
            var batch = LogWorld.Batch(2, timestamp: 1000 + i);
            world.Log.AppendAsLeader(batch, 3, LogWorld.Now);
            BinaryPrimitives.ReadInt64BigEndian(batch).ShouldBe(i * 2);
            expected.AddRange(batch);
        }

        (expected.Count / 5).ShouldBe(117);
        world.Log.Roll(LogWorld.Now);

        world.FileBytes("00000000000000000000.log").ShouldBe(expected.ToArray());
        // An entry once more than 150 bytes lie behind the last: at the third and at the fifth batch, with the batch's
        // last offset relative to the segment's base, and the position at which it begins.
        Convert.ToHexString(world.FileBytes("00000000000000000000.index")).ShouldBe(
            "00000005" + "000000EA" +
            "00000009" + "000001D4");
        // The newest timestamp so far, and the last offset of its batch.
        Convert.ToHexString(world.FileBytes("00000000000000000000.timeindex")).ShouldBe(
            "00000000000003EA" + "00000005" +
            "00000000000003EC" + "00000009");
    }

    [Fact]
    public void TimeIndex_OfARolledSegment_EndsWithItsNewestTimestamp()
    {
        var world = new LogWorld(LogConfig.Default);
        world.Append(timestamp: 5000);
        world.Append(timestamp: 4000);
        world.Log.Roll(LogWorld.Now);

        Convert.ToHexString(world.FileBytes("00000000000000000000.timeindex")).ShouldBe("0000000000001388" + "00000000");
        world.FileBytes("00000000000000000000.index").ShouldBeEmpty();
    }

    [Fact]
    public void LeaderEpochCheckpoint_IsText()
    {
        var world = new LogWorld(LogConfig.Default);
        world.Append(2, epoch: 3);
        world.Append(1, epoch: 8);

        world.Directory.ReadText("leader-epoch-checkpoint").ShouldBe("0\n2\n3 0\n8 2\n");
    }

    [Fact]
    public void ProducerSnapshot_HasKafkasFields()
    {
        var world = new LogWorld(LogConfig.Default);
        world.Produce(producerId: 258, epoch: 4, sequence: 0, records: 3);
        world.Log.Close();

        const string entries = "00000001"
            + "0000000000000102" // producer id
            + "0004"             // epoch
            + "00000002"         // last sequence
            + "0000000000000002" // last offset
            + "00000002"         // offset delta
            + "0000018BCFE56800" // timestamp
            + "FFFFFFFF"         // coordinator epoch
            + "FFFFFFFFFFFFFFFF"; // first offset of the transaction under way
        var crc = Crc32C.Compute(Convert.FromHexString(entries)).ToString("X8", System.Globalization.CultureInfo.InvariantCulture);
        Convert.ToHexString(world.FileBytes("00000000000000000003.snapshot")).ShouldBe("0001" + crc + entries);
    }

    [Fact]
    public void Log_OnTheRealDisk_IsTheSameBytes()
    {
        using var real = new TemporaryLog(LogWorld.Small);
        var world = new LogWorld();
        for (var i = 0; i < 50; i++)
        {
            world.Append(timestamp: 1000 + i);
            real.Log.AppendAsLeader(LogWorld.Batch(1, 1000 + i), 0, LogWorld.Now).IsSuccess.ShouldBeTrue();
        }

        world.Log.Close();
        real.Log.Close();

        var directory = new FileLogDirectory(real.Path);
        directory.ListFiles().Order(StringComparer.Ordinal).ShouldBe(world.Directory.ListFiles());
        foreach (var name in world.Directory.ListFiles())
        {
            directory.ReadAllBytes(name).ShouldBe(world.FileBytes(name), name);
        }
    }
}

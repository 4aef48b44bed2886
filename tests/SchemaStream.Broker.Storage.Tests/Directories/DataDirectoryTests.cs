using SchemaStream.Broker.Storage.Directories;
using SchemaStream.Broker.Storage.Files;
using SchemaStream.Broker.Storage.Simulation;

namespace SchemaStream.Broker.Storage.Tests.Directories;

public sealed class DataDirectoryTests
{
    private static readonly Guid TopicId = new("00112233-4455-6677-8899-aabbccddeeff");
    private static readonly PartitionDirectory Orders = new("my-orders", 3);

    private readonly MemoryDisk _disk = new();
    private readonly LogFileCache _cache = new(100);

    private MemoryLogDirectory Root => _disk.Directory("data");

    [Fact]
    public void FirstOpen_IsUnclean_AndEmpty()
    {
        using var data = DataDirectory.Open(Root);

        data.WasCleanShutdown.ShouldBeFalse();
        data.ListPartitions().ShouldBeEmpty();
    }

    [Fact]
    public void WhereACompactionEnded_IsRemembered_UntilTheLogIsCutOrGone()
    {
        using (var data = DataDirectory.Open(Root))
        {
            using var log = data.OpenLog(Orders, TopicId, LogWorld.Small, _cache, LogWorld.Now);
            log.AppendAsLeader(LogWorld.Batch(1), 0, LogWorld.Now).IsSuccess.ShouldBeTrue();
            log.AppendAsLeader(LogWorld.Batch(4), 0, LogWorld.Now).IsSuccess.ShouldBeTrue();
            data.CleanedTo(Orders).ShouldBeNull();
            data.NoteCleaned(Orders, 4);
        }

        using (var data = DataDirectory.Open(Root))
        {
            data.CleanedTo(Orders).ShouldBe(4);
            using var log = data.OpenLog(Orders, TopicId, LogWorld.Small, _cache, LogWorld.Now);
            log.TruncateTo(1);
            data.CleanedTo(Orders).ShouldBe(1);
        }

        using (var data = DataDirectory.Open(Root))
        {
            data.CleanedTo(Orders).ShouldBe(1);
            data.ForgetCheckpoints([Orders]);
            data.CleanedTo(Orders).ShouldBeNull();
        }
    }

    [Fact]
    public void CleanStop_IsRememberedOnce()
    {
        using (var data = DataDirectory.Open(Root))
        {
            using var log = data.OpenLog(Orders, TopicId, LogWorld.Small, _cache, LogWorld.Now);
            log.AppendAsLeader(LogWorld.Batch(5), 0, LogWorld.Now).IsSuccess.ShouldBeTrue();
            log.AdvanceLogStartOffset(2);
            log.Close();
            data.WriteCheckpoints([new LogCheckpoint(Orders, log.RecoveryPoint, log.LogStartOffset, 0)]);
            data.MarkCleanShutdown();
        }

        using (var data = DataDirectory.Open(Root))
        {
            data.WasCleanShutdown.ShouldBeTrue();
            data.ListPartitions().ShouldBe([(Orders, TopicId)]);
            data.OptionsFor(Orders).ShouldBe(new LogOpenOptions { RecoveryPoint = 5, LogStartOffset = 2 });
            using var log = data.OpenLog(Orders, TopicId, LogWorld.Small, _cache, LogWorld.Now);
            (log.LogStartOffset, log.LogEndOffset, log.Recovery.SegmentsScanned).ShouldBe((2, 5, 0));
        }

        using (var data = DataDirectory.Open(Root))
        {
            data.WasCleanShutdown.ShouldBeFalse("the last broker left without a word");
            data.OptionsFor(Orders).Unclean.ShouldBeTrue();
        }
    }

    [Fact]
    public void Checkpoints_AreKafkasText()
    {
        using var data = DataDirectory.Open(Root);
        data.WriteCheckpoints([new LogCheckpoint(Orders, 7, 3, 5), new LogCheckpoint(new PartitionDirectory("a", 0), 1, 0, 0)]);

        Root.ReadText("recovery-point-offset-checkpoint").ShouldBe("0\n2\nmy-orders 3 7\na 0 1\n");
        Root.ReadText("log-start-offset-checkpoint").ShouldBe("0\n2\nmy-orders 3 3\na 0 0\n");
        Root.ReadText("replication-offset-checkpoint").ShouldBe("0\n2\nmy-orders 3 5\na 0 0\n");
    }

    [Theory]
    [InlineData(3, 3)]
    [InlineData(9, 5)]
    public void HighWatermark_IsAsCheckpointed_ButNeverBeyondTheLog(long checkpointed, long expected)
    {
        using (var data = DataDirectory.Open(Root))
        {
            using var log = data.OpenLog(Orders, TopicId, LogWorld.Small, _cache, LogWorld.Now);
            log.CheckpointedHighWatermark.ShouldBe(0);
            log.AppendAsLeader(LogWorld.Batch(5), 0, LogWorld.Now).IsSuccess.ShouldBeTrue();
            data.WriteCheckpoints([new LogCheckpoint(Orders, 0, 0, checkpointed)]);
        }

        _disk.KillProcess();
        using var again = DataDirectory.Open(Root);
        using var reopened = again.OpenLog(Orders, TopicId, LogWorld.Small, _cache, LogWorld.Now);
        reopened.CheckpointedHighWatermark.ShouldBe(expected);
    }

    [Fact]
    public void HighWatermark_OfRecordsThatAreGone_IsNotSaidOfThoseThatCameInstead()
    {
        using (var data = DataDirectory.Open(Root))
        {
            using var log = data.OpenLog(Orders, TopicId, LogWorld.Small, _cache, LogWorld.Now);
            log.AppendAsLeader(LogWorld.Batch(5), 0, LogWorld.Now).IsSuccess.ShouldBeTrue();
            log.AppendAsLeader(LogWorld.Batch(5), 0, LogWorld.Now).IsSuccess.ShouldBeTrue();
            data.WriteCheckpoints([new LogCheckpoint(Orders, 0, 0, 10)]);
            log.TruncateTo(5);
            log.AppendAsLeader(LogWorld.Batch(7), 1, LogWorld.Now).IsSuccess.ShouldBeTrue();
        }

        _disk.KillProcess();
        using (var data = DataDirectory.Open(Root))
        {
            using var log = data.OpenLog(Orders, TopicId, LogWorld.Small, _cache, LogWorld.Now);
            log.CheckpointedHighWatermark.ShouldBe(5, "what lay behind was cut off");
        }
    }

    [Fact]
    public void HighWatermark_OfRecordsThatACrashTook_IsNotSaidOfThoseThatCameInstead()
    {
        using (var data = DataDirectory.Open(Root))
        {
            using var log = data.OpenLog(Orders, TopicId, LogWorld.Small, _cache, LogWorld.Now);
            log.AppendAsLeader(LogWorld.Batch(5), 0, LogWorld.Now).IsSuccess.ShouldBeTrue();
            data.WriteCheckpoints([new LogCheckpoint(Orders, 0, 0, 9)]);
        }

        for (var start = 0; start < 2; start++)
        {
            _disk.KillProcess();
            using var data = DataDirectory.Open(Root);
            using var log = data.OpenLog(Orders, TopicId, LogWorld.Small, _cache, LogWorld.Now);
            log.CheckpointedHighWatermark.ShouldBe(5);
            log.AppendAsLeader(LogWorld.Batch(5), 1, LogWorld.Now).IsSuccess.ShouldBeTrue();
        }
    }

    [Fact]
    public void ALogThatBeginsAnewAtAnEarlierOffset_KeepsItsRecordsThroughACrash()
    {
        using (var data = DataDirectory.Open(Root))
        {
            using var log = data.OpenLog(Orders, TopicId, LogWorld.Small, _cache, LogWorld.Now);
            log.TruncateFullyAndStartAt(100);
            data.WriteCheckpoints([new LogCheckpoint(Orders, 100, 100, 100)]);

            log.TruncateFullyAndStartAt(50);
            log.AppendAsLeader(LogWorld.Batch(5), 0, LogWorld.Now).BaseOffset.ShouldBe(50);
        }

        _disk.KillProcess();
        using var again = DataDirectory.Open(Root);
        using var reopened = again.OpenLog(Orders, TopicId, LogWorld.Small, _cache, LogWorld.Now);
        (reopened.LogStartOffset, reopened.LogEndOffset).ShouldBe((50, 55));
    }

    [Fact]
    public void Delete_ForgetsTheCheckpoints_OrTheNextOfTheNameWouldLoseItsRecordsToACrash()
    {
        using (var data = DataDirectory.Open(Root))
        {
            using (var old = data.OpenLog(Orders, TopicId, LogWorld.Small, _cache, LogWorld.Now))
            {
                old.AppendAsLeader(LogWorld.Batch(5), 0, LogWorld.Now).IsSuccess.ShouldBeTrue();
                old.AdvanceLogStartOffset(4);
                data.WriteCheckpoints([new LogCheckpoint(Orders, 5, old.LogStartOffset, 0)]);
            }

            data.Delete(Orders, Guid.NewGuid())();
            using var young = data.OpenLog(Orders, Guid.NewGuid(), LogWorld.Small, _cache, LogWorld.Now);
            young.AppendAsLeader(LogWorld.Batch(2), 0, LogWorld.Now).IsSuccess.ShouldBeTrue();
        }

        _disk.KillProcess();
        using var again = DataDirectory.Open(Root);
        again.OptionsFor(Orders).ShouldBe(new LogOpenOptions { Unclean = true });
    }

    [Fact]
    public void WriteCheckpoints_IsWhatIsKnownFromThenOn()
    {
        using var data = DataDirectory.Open(Root);

        data.WriteCheckpoints([new LogCheckpoint(Orders, 7, 3, 5)]);

        (data.OptionsFor(Orders).RecoveryPoint, data.OptionsFor(Orders).LogStartOffset).ShouldBe((7, 3));
    }

    [Theory]
    [InlineData("")]
    [InlineData("1\n0\n")]
    [InlineData("0\n2\na 0 1\n")]
    [InlineData("0\n1\na x 1\n")]
    [InlineData("0\n1\na 0 -1\n")]
    public void DamagedCheckpoint_MakesTheStopUnclean(string text)
    {
        using (var data = DataDirectory.Open(Root))
        {
            data.MarkCleanShutdown();
        }

        Root.ReplaceText(DataDirectory.RecoveryPointCheckpoint, text, durable: true);

        using var again = DataDirectory.Open(Root);
        again.WasCleanShutdown.ShouldBeFalse();
        again.OptionsFor(Orders).RecoveryPoint.ShouldBe(0);
    }

    [Fact]
    public void Open_WhileAnotherBrokerHasTheDirectory_IsRefused()
    {
        using var data = DataDirectory.Open(Root);

        Should.Throw<LogStorageException>(() => DataDirectory.Open(Root)).Message.ShouldContain(".lock");
    }

    [Fact]
    public void PartitionMetadata_IsKafkasText_AndKeepsTopicsApart()
    {
        using var data = DataDirectory.Open(Root);
        data.OpenLog(Orders, TopicId, LogWorld.Small, _cache, LogWorld.Now).Dispose();

        Root.Directory("my-orders-3").ReadText("partition.metadata")
            .ShouldBe("version: 0\ntopic_id: ABEiM0RVZneImaq7zN3u_w\n");
        var other = new Guid("ffeeddcc-bbaa-9988-7766-554433221100");
        Should.Throw<LogStorageException>(() => data.OpenLog(Orders, other, LogWorld.Small, _cache, LogWorld.Now))
            .Message.ShouldContain(other.ToString());
    }

    [Theory]
    [InlineData("version: 1\ntopic_id: ABEiM0RVZneImaq7zN3u_w\n")]
    [InlineData("version: 0\ntopic_id: ABEi\n")]
    [InlineData("nonsense")]
    public void PartitionMetadata_ThatMakesNoSense_IsALogStorageException(string text)
    {
        Root.Directory("a-0").ReplaceText("partition.metadata", text, durable: true);

        Should.Throw<LogStorageException>(() => PartitionMetadata.Read(Root.Directory("a-0")));
    }

    [Fact]
    public void PartitionMetadata_TornByALossOfPower_IsWrittenAnew()
    {
        Root.Directory(Orders.Name).ReplaceText("partition.metadata", "version: 0\ntopic_id: ABEi?", durable: true);
        using var data = DataDirectory.Open(Root);

        data.OwnerOf(Orders).ShouldBeNull();
        data.OpenLog(Orders, TopicId, LogWorld.Small, _cache, LogWorld.Now).Dispose();

        data.OwnerOf(Orders).ShouldBe(TopicId);
    }

    [Fact]
    public void Close_SyncsWhoseTheDirectoryIs()
    {
        using (var data = DataDirectory.Open(Root))
        {
            data.OpenLog(Orders, TopicId, LogWorld.Small, _cache, LogWorld.Now).Close();
        }

        for (var seed = 0; seed < 10; seed++)
        {
            _disk.LosePower(new Random(seed));
        }

        PartitionMetadata.Read(Root.Directory(Orders.Name)).ShouldBe(TopicId);
    }

    [Fact]
    public void Delete_TakesTheDirectoryOutOfUseAtOnce()
    {
        using var data = DataDirectory.Open(Root);
        data.OpenLog(Orders, TopicId, LogWorld.Small, _cache, LogWorld.Now).Dispose();

        var deleteFiles = data.Delete(Orders, TopicId);

        data.ListPartitions().ShouldBeEmpty();
        using var again = data.OpenLog(Orders, Guid.Empty, LogWorld.Small, _cache, LogWorld.Now);
        again.LogEndOffset.ShouldBe(0);
        Root.ListDirectories().Count.ShouldBe(2);
        deleteFiles();
        Root.ListDirectories().ShouldBe(["my-orders-3"]);
        data.Delete(new PartitionDirectory("missing", 0), TopicId)();
    }

    [Fact]
    public void Delete_ThatWasInterrupted_IsFinishedByTheNextStart()
    {
        using (var data = DataDirectory.Open(Root))
        {
            data.OpenLog(Orders, TopicId, LogWorld.Small, _cache, LogWorld.Now).Dispose();
            data.Delete(Orders, TopicId);
        }

        using var again = DataDirectory.Open(Root);
        Root.ListDirectories().ShouldBeEmpty();
    }

    [Theory]
    [InlineData("orders-0", "orders", 0)]
    [InlineData("my-orders-12", "my-orders", 12)]
    [InlineData("a--7", "a-", 7)]
    public void PartitionDirectory_IsParsed(string name, string topic, int partition)
    {
        PartitionDirectory.TryParse(name, out var parsed).ShouldBeTrue();
        parsed.ShouldBe(new PartitionDirectory(topic, partition));
        parsed.Name.ShouldBe(name);
    }

    [Theory]
    [InlineData("orders")]
    [InlineData("-0")]
    [InlineData("orders-")]
    [InlineData("orders-x")]
    [InlineData("orders-01")]
    [InlineData("orders-99999999999")]
    [InlineData("orders-0.00112233445566778899aabbccddeeff-delete")]
    public void OtherDirectories_AreNoPartitions(string name) =>
        PartitionDirectory.TryParse(name, out _).ShouldBeFalse();
}

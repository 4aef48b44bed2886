using System.Buffers.Binary;
using SchemaStream.Broker.Storage.Producers;
using SchemaStream.Protocol;
using SchemaStream.Protocol.Records;

namespace SchemaStream.Broker.Storage.Tests.Producers;

/// <summary>What readers of committed records are told of transactions that were aborted, and what ends a transaction.</summary>
public sealed class AbortedTransactionTests
{
    private readonly LogWorld _world = new();

    [Fact]
    public void Abort_IsToldToWhoeverReadsItsRecords()
    {
        _world.Produce(7, 0, 0, records: 3, transactional: true);
        _world.Produce(8, 0, 0, transactional: true);
        End(7, commit: false);
        End(8, commit: true);

        Aborted(0, 6).ShouldBe([(7, 0)]);
        Aborted(2, 3).ShouldBe([(7, 0)], "from the middle of it too");
        Aborted(5, 6).ShouldBeEmpty("its marker lies before");
    }

    [Fact]
    public void Commit_IsToldToNoOne()
    {
        _world.Produce(7, 0, 0, transactional: true);
        End(7, commit: true);

        _world.Log.AbortedTransactions(0, 2).ShouldBeNull();
        _world.Files(".txnindex").ShouldBeEmpty();
    }

    [Fact]
    public void Index_HasKafkasLayout()
    {
        _world.Produce(9, 0, 0, transactional: true);
        _world.Produce(7, 0, 0, records: 2, transactional: true);
        End(7, commit: false);
        _world.Log.Flush();

        var bytes = _world.FileBytes("00000000000000000000.txnindex");
        bytes.Length.ShouldBe(34);
        BinaryPrimitives.ReadInt16BigEndian(bytes).ShouldBe((short)0, "version");
        BinaryPrimitives.ReadInt64BigEndian(bytes.AsSpan(2)).ShouldBe(7, "producer id");
        BinaryPrimitives.ReadInt64BigEndian(bytes.AsSpan(10)).ShouldBe(1, "first offset");
        BinaryPrimitives.ReadInt64BigEndian(bytes.AsSpan(18)).ShouldBe(3, "last offset: the marker's");
        BinaryPrimitives.ReadInt64BigEndian(bytes.AsSpan(26)).ShouldBe(0, "last stable offset: the other transaction's first");
    }

    [Fact]
    public void Lookup_GoesOnInLaterSegments_UntilItKnowsAll()
    {
        _world.Produce(7, 0, 0, transactional: true);
        _world.Append(40);
        _world.Produce(8, 0, 0, transactional: true);
        End(8, commit: false);
        End(7, commit: false);
        _world.Log.SegmentCount.ShouldBeGreaterThan(2);

        Aborted(0, 10).ShouldBe([(7, 0)]);
        Aborted(0, 60).ShouldBe([(8, 41), (7, 0)]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Restart_KnowsWhatWasAborted(bool cleanly)
    {
        for (var i = 0; i < 30; i++)
        {
            _world.Produce(7, (short)i, 0, transactional: true);
            End(7, commit: i % 2 == 0, epoch: (short)i);
        }

        var before = Aborted(0, 60);
        before.Count.ShouldBe(15);
        if (cleanly)
        {
            _world.Restart();
        }
        else
        {
            _world.Crash();
        }

        _world.Log.CommittedTo(60);
        Aborted(0, 60).ShouldBe(before);
        _world.Produce(7, 30, 0, transactional: true);
        _world.Log.FirstUnstableOffset.ShouldBe(60);
    }

    [Fact]
    public void Truncation_OfTheMarker_TakesTheEntryAndBringsTheTransactionBack()
    {
        _world.Produce(7, 0, 0, transactional: true);
        End(7, commit: false);
        _world.Log.CommittedTo(2);
        _world.Log.FirstUnstableOffset.ShouldBeNull();

        _world.Log.TruncateTo(1);

        Aborted(0, 1).ShouldBeEmpty();
        _world.Log.FirstUnstableOffset.ShouldBe(0);
        End(7, commit: false);
        Aborted(0, 2).ShouldBe([(7, 0)]);
    }

    [Fact]
    public void Retention_TakesTheIndexWithItsSegment()
    {
        _world.Produce(7, 0, 0, transactional: true);
        End(7, commit: false);
        _world.Append(60);
        _world.Files(".txnindex").Length.ShouldBe(1);

        var result = _world.Log.ApplyRetention(new RetentionPolicy(RetentionMs: -1, RetentionBytes: 1), LogWorld.Now, highWatermark: 62);
        result.DeleteFiles();

        _world.Files(".txnindex").ShouldBeEmpty();
        _world.Log.AbortedTransactions(_world.Log.LogStartOffset, 62).ShouldBeNull();
    }

    [Fact]
    public void LastStableOffset_IsTheOldestOpenTransaction_UntilItsMarkerIsCommitted()
    {
        _world.Append();
        _world.Produce(7, 0, 0, transactional: true);
        _world.Produce(8, 0, 0, transactional: true);
        _world.Log.FirstUnstableOffset.ShouldBe(1);

        End(7, commit: true);
        _world.Log.FirstUnstableOffset.ShouldBe(1, "another leader may not have the marker");

        _world.Log.CommittedTo(4);
        _world.Log.FirstUnstableOffset.ShouldBe(2);
        End(8, commit: true);
        _world.Log.CommittedTo(5);
        _world.Log.FirstUnstableOffset.ShouldBeNull();
    }

    [Fact]
    public void Marker_OfACoordinatorThatWasReplaced_IsFenced()
    {
        _world.Produce(7, 0, 0, transactional: true);
        End(7, commit: true, coordinatorEpoch: 5).Error.ShouldBe(ErrorCode.None);
        _world.Produce(7, 0, 1, transactional: true);

        End(7, commit: false, coordinatorEpoch: 4).Error.ShouldBe(ErrorCode.TransactionCoordinatorFenced);
        _world.Restart();
        End(7, commit: false, coordinatorEpoch: 4).Error.ShouldBe(ErrorCode.TransactionCoordinatorFenced, "a restart remembers");
        End(7, commit: false, coordinatorEpoch: 6).Error.ShouldBe(ErrorCode.None);
    }

    [Fact]
    public void Marker_OfVersionTwo_NeedsANewEpoch_ButMayComeTwice()
    {
        _world.Produce(7, 3, 0, transactional: true);

        End(7, commit: true, epoch: 3, version: 2).Error.ShouldBe(ErrorCode.InvalidProducerEpoch);
        End(7, commit: true, epoch: 4, version: 2).Error.ShouldBe(ErrorCode.None);
        End(7, commit: true, epoch: 4, version: 2).Error.ShouldBe(ErrorCode.None, "its answer was lost");
        _world.Produce(7, 4, 0, transactional: true).Error.ShouldBe(ErrorCode.None);
        End(7, commit: true, epoch: 4, version: 2).Error.ShouldBe(ErrorCode.InvalidProducerEpoch, "it came late: the next one is under way");
    }

    [Fact]
    public void Marker_OfVersionOne_HasTheRecordsEpoch_AndLeavesSequencesAlone()
    {
        _world.Produce(7, 3, 0, transactional: true);
        End(7, commit: true, epoch: 3).Error.ShouldBe(ErrorCode.None);

        _world.Produce(7, 3, 1, transactional: true).Error.ShouldBe(ErrorCode.None);
        _world.Produce(7, 3, 3, transactional: true).Error.ShouldBe(ErrorCode.OutOfOrderSequenceNumber);
        End(7, commit: true, epoch: 2).Error.ShouldBe(ErrorCode.InvalidProducerEpoch);
    }

    [Fact]
    public void Produce_WithoutATransaction_WhileOneIsUnderWay_IsRefused()
    {
        _world.Produce(7, 0, 0, transactional: true);

        _world.Produce(7, 0, 1).Error.ShouldBe(ErrorCode.InvalidTxnState);
        _world.Produce(7, 0, 2).Error.ShouldBe(ErrorCode.OutOfOrderSequenceNumber, "its sequence is looked at first");
    }

    [Fact]
    public void Describe_TellsWhatIsRemembered()
    {
        _world.Produce(7, 3, 0, records: 2, transactional: true);
        End(8, commit: true, epoch: 1, coordinatorEpoch: 9);

        _world.Log.DescribeProducers().OrderBy(producer => producer.ProducerId).ShouldBe(
        [
            new ActiveProducer(7, 3, 1, LogWorld.Now, -1, 0),
            new ActiveProducer(8, 1, -1, LogWorld.Now, 9, -1),
        ]);
    }

    [Fact]
    public void Snapshot_KeepsAllOfAProducer()
    {
        _world.Produce(7, 3, 0, records: 2, transactional: true);
        _world.Produce(7, 3, 2, transactional: true);
        End(8, commit: true, epoch: 1, coordinatorEpoch: 9);
        var table = new ProducerStateTable();

        ProducerSnapshot.TryRead(ProducerSnapshot.Write(_world.Log.Producers), table).ShouldBeTrue();

        table.FirstUnstableOffset.ShouldBe(0);
        table.HasTransaction(7, 3).ShouldBeTrue();
        table.HasTransaction(7, 2).ShouldBeFalse();
        table.HasBatches(8).ShouldBeFalse();
        table.CheckMarker(
            new RecordBatchHeader(LogWorld.Marker(8, 1)), new EndTransactionMarker(IsCommit: true, CoordinatorEpoch: 8), 0)
            .ShouldBe(ErrorCode.TransactionCoordinatorFenced);
    }

    private AppendResult End(
        long producerId, bool commit, short epoch = 0, int coordinatorEpoch = 0, short version = 0) =>
        _world.Log.AppendAsLeader(
            new EndTransactionMarker(commit, coordinatorEpoch).ToBatch(producerId, epoch, LogWorld.Now),
            leaderEpoch: 0,
            LogWorld.Now,
            AppendOrigin.Coordinator,
            version);

    private List<(long ProducerId, long FirstOffset)> Aborted(long from, long upperBound) =>
        [.. (_world.Log.AbortedTransactions(from, upperBound) ?? []).Select(aborted => (aborted.ProducerId, aborted.FirstOffset))];
}

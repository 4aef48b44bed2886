using SchemaStream.Protocol;

namespace SchemaStream.Broker.Storage.Tests.Producers;

public sealed class ProducerStateTests
{
    private readonly LogWorld _world = new(LogConfig.Default);

    [Fact]
    public void Produce_InSequence_IsAppended()
    {
        _world.Produce(7, 0, 0, records: 3).BaseOffset.ShouldBe(0);
        _world.Produce(7, 0, 3).BaseOffset.ShouldBe(3);
        _world.Produce(8, 0, 0).BaseOffset.ShouldBe(4);
    }

    [Fact]
    public void Produce_OfOneOfTheLastFiveBatches_IsAnsweredWithItsOffsetAndNotWritten()
    {
        for (var i = 0; i < 6; i++)
        {
            _world.Produce(7, 0, i * 2, records: 2).Error.ShouldBe(ErrorCode.None);
        }

        for (var i = 1; i < 6; i++)
        {
            var again = _world.Produce(7, 0, i * 2, records: 2);
            (again.Error, again.IsDuplicate, again.BaseOffset, again.LastOffset).ShouldBe((ErrorCode.None, true, i * 2, (i * 2) + 1));
        }

        _world.Produce(7, 0, 0, records: 2).Error.ShouldBe(ErrorCode.OutOfOrderSequenceNumber, "the sixth is forgotten");
        _world.Log.LogEndOffset.ShouldBe(12);
    }

    [Fact]
    public void Produce_WithAGap_IsOutOfOrder()
    {
        _world.Produce(7, 0, 0);

        _world.Produce(7, 0, 2).Error.ShouldBe(ErrorCode.OutOfOrderSequenceNumber);
        _world.Produce(7, 0, 1).Error.ShouldBe(ErrorCode.None);
    }

    [Fact]
    public void Produce_ByAnUnknownProducer_MayBeginAnywhere() =>
        _world.Produce(7, 3, 100).Error.ShouldBe(ErrorCode.None, "its earlier records may have been deleted");

    [Fact]
    public void Produce_WithANewEpoch_BeginsAtZero_AndFencesTheOld()
    {
        _world.Produce(7, 0, 0);

        _world.Produce(7, 1, 1).Error.ShouldBe(ErrorCode.OutOfOrderSequenceNumber);
        _world.Produce(7, 1, 0).Error.ShouldBe(ErrorCode.None);
        _world.Produce(7, 0, 1).Error.ShouldBe(ErrorCode.InvalidProducerEpoch);
    }

    [Fact]
    public void Produce_PastTheLargestSequence_GoesOnAtZero()
    {
        _world.Produce(7, 0, int.MaxValue - 1, records: 2).Error.ShouldBe(ErrorCode.None);
        _world.Produce(7, 0, 0).Error.ShouldBe(ErrorCode.None);
        _world.Produce(7, 0, 0).IsDuplicate.ShouldBeTrue();
        _world.Produce(7, 0, int.MaxValue - 1, records: 2).IsDuplicate.ShouldBeTrue();
    }

    [Fact]
    public void Restart_KeepsTheLastBatchOfEachProducer()
    {
        _world.Produce(7, 2, 0, records: 5);
        _world.Produce(8, 0, 0);
        _world.Restart();

        _world.Produce(7, 2, 0, records: 5).IsDuplicate.ShouldBeTrue();
        _world.Produce(7, 2, 6).Error.ShouldBe(ErrorCode.OutOfOrderSequenceNumber);
        _world.Produce(7, 2, 5).Error.ShouldBe(ErrorCode.None);
        _world.Produce(7, 1, 0).Error.ShouldBe(ErrorCode.InvalidProducerEpoch);
    }

    [Fact]
    public void Restart_KnowsAllThatAProducerMayHaveUnderWay()
    {
        for (var i = 0; i < 6; i++)
        {
            _world.Produce(7, 2, i).Error.ShouldBe(ErrorCode.None);
        }

        _world.Produce(8, 0, 0);
        _world.Restart();

        for (var i = 1; i < 6; i++)
        {
            _world.Produce(7, 2, i).IsDuplicate.ShouldBeTrue($"sequence {i} was there before the restart");
        }

        _world.Produce(7, 2, 0).Error.ShouldBe(ErrorCode.OutOfOrderSequenceNumber);
        _world.Produce(8, 0, 0).IsDuplicate.ShouldBeTrue();
        _world.Produce(7, 2, 6).Error.ShouldBe(ErrorCode.None);
    }

    [Fact]
    public void Crash_RebuildsTheTableFromTheLog()
    {
        var world = new LogWorld(LogWorld.Small);
        for (var i = 0; i < 40; i++)
        {
            world.Produce(i % 3, 0, i / 3).Error.ShouldBe(ErrorCode.None);
        }

        world.Files(".snapshot").Length.ShouldBeGreaterThan(1);
        world.Crash();

        world.Produce(39 % 3, 0, 39 / 3).IsDuplicate.ShouldBeTrue();
        world.Produce(1, 0, 13).Error.ShouldBe(ErrorCode.None);
    }

    [Fact]
    public void Crash_WithADamagedSnapshot_FallsBackToAnOlderOneOrTheLog()
    {
        var world = new LogWorld(LogWorld.Small);
        for (var i = 0; i < 40; i++)
        {
            world.Produce(1, 0, i);
        }

        world.Log.Dispose();
        foreach (var name in world.Files(".snapshot"))
        {
            using var file = world.Directory.Open(name);
            file.Write(20, [0xEE]);
        }

        world.Crash();

        world.Files(".snapshot").ShouldBeEmpty();
        world.Produce(1, 0, 39).IsDuplicate.ShouldBeTrue();
    }

    [Fact]
    public void TruncateTo_TakesTheTableBack()
    {
        var world = new LogWorld(LogWorld.Small);
        for (var i = 0; i < 40; i++)
        {
            world.Produce(1, 0, i);
        }

        world.Log.TruncateTo(17);

        world.Produce(1, 0, 20).Error.ShouldBe(ErrorCode.OutOfOrderSequenceNumber);
        world.Produce(1, 0, 16).IsDuplicate.ShouldBeTrue();
        world.Produce(1, 0, 17).BaseOffset.ShouldBe(17);
    }

    [Fact]
    public void ExpireProducers_ForgetsTheIdle()
    {
        _world.Produce(1, 0, 0);
        var expiration = LogConfig.Default.ProducerIdExpirationMs;

        _world.Log.ExpireProducers(LogWorld.Now + expiration - 1).ShouldBe(0);
        _world.Log.ExpireProducers(LogWorld.Now + expiration).ShouldBe(1);

        _world.Produce(1, 0, 55).Error.ShouldBe(ErrorCode.None);
    }

    [Fact]
    public void Produce_ByInventedProducers_IsBounded()
    {
        var world = new LogWorld(LogConfig.Default with { MaxProducerIds = 80 });
        for (var i = 0; i < 1000; i++)
        {
            world.Produce(i, 0, 0).Error.ShouldBe(ErrorCode.None);
            world.Log.ProducerCount.ShouldBeLessThanOrEqualTo(80);
        }
    }

    [Fact]
    public void FirstUnstableOffset_IsThatOfTheOldestTransaction()
    {
        _world.Append();
        _world.Log.FirstUnstableOffset.ShouldBeNull();
        _world.Produce(1, 0, 0, transactional: true).BaseOffset.ShouldBe(1);
        _world.Produce(2, 0, 0, transactional: true);
        _world.Produce(1, 0, 1).Error.ShouldBe(ErrorCode.InvalidTxnState);
        _world.Log.FirstUnstableOffset.ShouldBe(1);

        End(1);
        _world.Log.FirstUnstableOffset.ShouldBe(1, "its marker may be lost with this leader");
        _world.Log.CommittedTo(4);
        _world.Log.FirstUnstableOffset.ShouldBe(2);
        _world.Restart();
        _world.Log.FirstUnstableOffset.ShouldBe(2);
        End(2);
        _world.Log.CommittedTo(5);
        _world.Log.FirstUnstableOffset.ShouldBeNull();

        void End(long producerId) => _world.Log
            .AppendAsLeader(LogWorld.Marker(producerId, 0), 0, LogWorld.Now, AppendOrigin.Coordinator)
            .Error.ShouldBe(ErrorCode.None);
    }
}

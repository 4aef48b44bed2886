using SchemaStream.Broker.Metadata.Images;
using SchemaStream.Broker.Runtime.Access;
using SchemaStream.Broker.Server.Fetches;
using SchemaStream.Protocol;
using SchemaStream.Protocol.Messages;

namespace SchemaStream.Broker.Server.Tests.Fetches;

/// <summary>Who makes room for whom.</summary>
public sealed class FetchSessionCacheTests
{
    private readonly Clock _clock = new();
    private readonly FetchSessionCache _cache;

    public FetchSessionCacheTests() => _cache = new FetchSessionCache(slots: 2, _clock);

    [Fact]
    public void AYoungSession_GivesWayToNoConsumer_HoweverLarge()
    {
        Add(1);
        Add(1);

        _cache.HasRoomFor(isPrivileged: false, partitions: 100).ShouldBeFalse();
        Add(100).ShouldBe(0);
    }

    [Fact]
    public void AFollower_TakesTheSmallestConsumersPlaceAtOnce_ButNoFollowers()
    {
        var (large, small) = (Add(5), Add(2));

        Add(1, isPrivileged: true).ShouldBeGreaterThan(0);
        Has(small).ShouldBeFalse();
        Has(large).ShouldBeTrue();
        Add(1, isPrivileged: true).ShouldBeGreaterThan(0);
        Add(9, isPrivileged: true).ShouldBe(0);
        _cache.Evictions.ShouldBe(2);
    }

    [Fact]
    public void ASessionThatHadItsTime_GivesWayToALargerOneOnly()
    {
        var (small, large) = (Add(2), Add(5));
        _clock.Advance(TimeSpan.FromSeconds(121));
        Use(small, 1);
        Use(large, 1);

        Add(2).ShouldBe(0);
        Add(3).ShouldBeGreaterThan(0);
        Has(small).ShouldBeFalse();
        Has(large).ShouldBeTrue();
    }

    [Fact]
    public void ASessionThatIsNotUsed_GivesWayToAnyOther()
    {
        var unused = Add(50, isPrivileged: true);
        _clock.Advance(TimeSpan.FromSeconds(100));
        var used = Add(1);
        _clock.Advance(TimeSpan.FromSeconds(21));

        Add(1).ShouldBeGreaterThan(0);
        Has(unused).ShouldBeFalse();
        Has(used).ShouldBeTrue();
    }

    [Fact]
    public void ASessionInUse_IsGoneOnWithByNoOneElse()
    {
        var id = Add(1);
        _cache.Continue(id, 1, usesTopicIds: true, out var session).ShouldBe(ErrorCode.None);

        _cache.Continue(id, 2, usesTopicIds: true, out _).ShouldBe(ErrorCode.InvalidFetchSessionEpoch);
        _cache.Release(session!);
        _cache.Continue(id, 2, usesTopicIds: true, out _).ShouldBe(ErrorCode.None);
    }

    [Fact]
    public void AfterTheLastEpochComesTheFirst()
    {
        var id = Add(1);
        Use(id, 1);
        _cache.Continue(id, 2, usesTopicIds: true, out var session);
        session!.Epoch = int.MaxValue;
        _cache.Release(session);

        Use(id, int.MaxValue);
        Use(id, 1);
    }

    [Fact]
    public void ACacheWithoutSlots_KeepsNone() =>
        new FetchSessionCache(0, _clock).HasRoomFor(isPrivileged: true, partitions: 1).ShouldBeFalse();

    [Fact]
    public void AnIncrementalFetch_CostsNoObject()
    {
        _cache.Continue(Add(100), 1, usesTopicIds: true, out var session);
        var request = new FetchRequest();
        var (before, sum) = (0L, 0L);
        for (var turn = 0; turn < 100; turn++)
        {
            // The first turn is the just-in-time compiler's.
            before = turn == 1 ? GC.GetAllocatedBytesForCurrentThread() : before;
            session!.Update(request, MetadataImage.Empty);
            _cache.TryResize(session);
            for (var i = 0; i < session.Count; i++)
            {
                sum += session[i].FetchOffset;
                session.TakeNews(i, default);
            }

            session.BeginAfter(turn % session.Count);
        }

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
        sum.ShouldBe(0);
    }

    private int Add(int partitions, bool isPrivileged = false)
    {
        var request = new FetchRequest
        {
            Topics = [new() { TopicId = Guid.NewGuid(), Partitions = [.. Enumerable.Range(0, partitions).Select(index => new FetchRequest.FetchPartition { Partition = index })] }],
        };
        return _cache.Add(FetchSession.After(
            request, new FetchPartitionResult[partitions], MetadataImage.Empty, isPrivileged, usesTopicIds: true));
    }

    /// <summary>With an epoch that it does not have: it stays as it is.</summary>
    private bool Has(int id) => _cache.Continue(id, -7, usesTopicIds: true, out _) != ErrorCode.FetchSessionIdNotFound;

    private void Use(int id, int epoch)
    {
        _cache.Continue(id, epoch, usesTopicIds: true, out var session).ShouldBe(ErrorCode.None);
        _cache.Release(session!);
    }

    private sealed class Clock : TimeProvider
    {
        private long _ticks;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public void Advance(TimeSpan time) => _ticks += time.Ticks;

        public override long GetTimestamp() => _ticks;
    }
}

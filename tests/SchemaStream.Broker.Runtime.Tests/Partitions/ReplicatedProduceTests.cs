using Microsoft.Extensions.Logging.Abstractions;
using SchemaStream.Broker.Metadata.Configs;
using SchemaStream.Broker.Metadata.Images;
using SchemaStream.Broker.Replication;
using SchemaStream.Broker.Runtime.Access;
using SchemaStream.Broker.Runtime.Lanes;
using SchemaStream.Broker.Runtime.Partitions;
using SchemaStream.Broker.Runtime.Replicas;
using SchemaStream.Broker.Storage;
using SchemaStream.Broker.Storage.Files;
using SchemaStream.Broker.Storage.Simulation;
using SchemaStream.Protocol;

namespace SchemaStream.Broker.Runtime.Tests.Partitions;

/// <summary>A partition with followers, which fetch as followers do; the doors and lanes are a broker's own.</summary>
public sealed class ReplicatedProduceTests : IDisposable
{
    private const long FollowersEpoch = 17;

    private readonly ManualTimeProvider _clock = new();
    private readonly TopicIdPartition _id = new(Guid.NewGuid(), 0);
    private readonly Lane _lane;
    private readonly HostedPartition _partition;
    private readonly PartitionAccess _access;
    private int _partitionEpoch;

    public ReplicatedProduceTests()
    {
        _lane = new Lane("test", 64, _clock, NullLogger.Instance);
        var hosted = new HostedPartitions([_lane]);
        _partition = new HostedPartition(_id, "orders", _lane, 0, TopicConfig.Default with { MinInSyncReplicas = 2 });
        _partition.Opened(
            PartitionLog.Open(
                new MemoryDisk().Directory("orders-0"), LogConfig.Default, new LogFileCache(16), new LogOpenOptions(), nowMs: 0),
            nodeId: 1,
            lagTimeMax: TimeSpan.FromSeconds(30));
        hosted.Add(_partition);
        hosted.Image = MetadataImage.Empty with
        {
            Brokers = MetadataImage.Empty.Brokers.Add(2, new BrokerRegistration
            {
                BrokerId = 2, IncarnationId = Guid.NewGuid(), BrokerEpoch = FollowersEpoch, Endpoints = [], Fenced = false,
            }),
        };
        _access = new PartitionAccess(hosted, 1 << 20, locations: null, new SharedQuota(_clock), _clock, NullLogger.Instance);
        Tell(leader: 1, 1, 2);
    }

    public void Dispose() => _lane.Dispose();

    [Fact]
    public async Task Acks1_AreAnsweredByTheLeaderAlone()
    {
        (await ProduceAsync(RequiredAcks.Leader)).Error.ShouldBe(ErrorCode.None);

        using var consumer = await FetchAsync(replicaId: -1, offset: 0);
        consumer.Partitions[0].Records.IsEmpty.ShouldBeTrue();
    }

    [Fact]
    public async Task AcksAll_WaitUntilTheFollowerAskedForMore()
    {
        var produced = ProduceAsync(RequiredAcks.All).AsTask();
        using (var follower = await FetchAsync(replicaId: 2, offset: 0))
        {
            follower.Partitions[0].Records.IsEmpty.ShouldBeFalse();
        }

        produced.IsCompleted.ShouldBeFalse();
        using (await FetchAsync(replicaId: 2, offset: 1))
        {
            (await produced).Error.ShouldBe(ErrorCode.None);
        }
    }

    [Theory]
    [InlineData(2, -1)]
    [InlineData(2, FollowersEpoch - 1)]
    [InlineData(2, long.MaxValue)]
    [InlineData(3, FollowersEpoch)]
    public async Task WhoOnlySaysThatItIsAFollower_IsToldNothingAndCommitsNothing(int replicaId, long replicaEpoch)
    {
        var produced = ProduceAsync(RequiredAcks.All).AsTask();

        using (var stranger = await FetchAsync(replicaId, offset: 1, replicaEpoch: replicaEpoch))
        {
            stranger.Partitions[0].Error.ShouldBe(ErrorCode.UnknownLeaderEpoch);
        }

        using (await FetchAsync(replicaId: 2, offset: 0))
        {
            // The follower is still listened to, and what the stranger said of it is not believed.
            produced.IsCompleted.ShouldBeFalse();
        }

        using var follower = await FetchAsync(replicaId: 2, offset: 1);
        follower.Partitions[0].Error.ShouldBe(ErrorCode.None);
        (await produced).Error.ShouldBe(ErrorCode.None);
    }

    [Fact]
    public async Task AcksAll_WithoutTheFollower_TimeOutAndTheRecordsStay()
    {
        var produced = ProduceAsync(RequiredAcks.All).AsTask();

        _clock.Advance(TimeSpan.FromSeconds(4));
        produced.IsCompleted.ShouldBeFalse();
        _clock.Advance(TimeSpan.FromSeconds(2));

        (await produced).Error.ShouldBe(ErrorCode.RequestTimedOut);
        _partition.Log!.LogEndOffset.ShouldBe(1);
    }

    [Fact]
    public async Task AcksAll_WhenTheIsrIsTooSmall_AreRefusedOrToldAfterwards()
    {
        var waiting = ProduceAsync(RequiredAcks.All).AsTask();

        Tell(leader: 1, 1);

        (await waiting).Error.ShouldBe(ErrorCode.NotEnoughReplicasAfterAppend);
        (await ProduceAsync(RequiredAcks.All)).Error.ShouldBe(ErrorCode.NotEnoughReplicas);
        (await ProduceAsync(RequiredAcks.Leader)).Error.ShouldBe(ErrorCode.None);
    }

    [Fact]
    public async Task AcksAll_WhenLeadershipIsLost_AreToldSo()
    {
        var waiting = ProduceAsync(RequiredAcks.All).AsTask();

        Tell(leader: 2, 1, 2);

        (await waiting).Error.ShouldBe(ErrorCode.NotLeaderOrFollower);
        (await ProduceAsync(RequiredAcks.Leader)).Error.ShouldBe(ErrorCode.NotLeaderOrFollower);
    }

    [Fact]
    public async Task Follower_WaitsForAppends_TheConsumerForCommits()
    {
        var follower = FetchAsync(replicaId: 2, offset: 0, TimeSpan.FromMinutes(1)).AsTask();
        var consumer = FetchAsync(replicaId: -1, offset: 0, TimeSpan.FromMinutes(1)).AsTask();
        follower.IsCompleted.ShouldBeFalse();

        await ProduceAsync(RequiredAcks.Leader);
        using var replicated = await follower;
        replicated.Partitions[0].Records.IsEmpty.ShouldBeFalse();
        consumer.IsCompleted.ShouldBeFalse();

        using var next = await FetchAsync(replicaId: 2, offset: 1);
        using var consumed = await consumer;
        consumed.Partitions[0].HighWatermark.ShouldBe(1);
        RuntimeUnderTest.ValuesOf(consumed.Partitions[0]).ShouldBe(["a"]);
    }

    private ValueTask<ProduceResult> ProduceAsync(RequiredAcks acks) => _access.ProduceAsync(
        _id,
        TestBatch.At(_clock.GetUtcNow().ToUnixTimeMilliseconds(), "a"),
        new ProduceOptions(acks, TimeSpan.FromSeconds(5)));

    private ValueTask<FetchReadResult> FetchAsync(
        int replicaId, long offset, TimeSpan maxWait = default, long replicaEpoch = FollowersEpoch) => _access.FetchAsync(
        new FetchQuery
        {
            Partitions = [new FetchPartition(_id, offset, 1 << 20)],
            MinBytes = 1,
            MaxBytes = 1 << 20,
            MaxWait = maxWait,
            ReplicaId = replicaId,
            ReplicaEpoch = replicaEpoch,
        },
        CancellationToken.None);

    private void Tell(int leader, params int[] isr) => _lane.Post(new LaneCall<bool>(_partition, lane =>
    {
        _partition.Apply(_partition.Config, new LeaderAndIsr(leader, leader, ++_partitionEpoch, [1, 2], isr), lane);
        return true;
    }));
}

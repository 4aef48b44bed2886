using Microsoft.Extensions.Logging.Abstractions;
using SchemaStream.Broker.Coordination.Transactions;
using SchemaStream.Broker.Coordination.Transactions.Commands;
using SchemaStream.Broker.Metadata.Configs;
using SchemaStream.Broker.Replication;
using SchemaStream.Broker.Runtime.Access;
using SchemaStream.Broker.Runtime.Lanes;
using SchemaStream.Broker.Runtime.Partitions;
using SchemaStream.Broker.Runtime.Replicas;
using SchemaStream.Broker.Storage;
using SchemaStream.Broker.Storage.Files;
using SchemaStream.Broker.Storage.Simulation;
using SchemaStream.Protocol;
using SchemaStream.Protocol.Records;

namespace SchemaStream.Broker.Runtime.Tests.Partitions;

/// <summary>A partition whose transactions' coordinator answers when the test says so.</summary>
public sealed class TransactionVerificationTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    private readonly ManualTimeProvider _clock = new();
    private readonly TopicIdPartition _id = new(Guid.NewGuid(), 0);
    private readonly ScriptedCoordinator _coordinator = new();
    private readonly Lane _lane;
    private readonly HostedPartition _partition;
    private readonly PartitionAccess _access;
    private readonly TransactionMarkers _markers;
    private int _leaderEpoch;

    public TransactionVerificationTests()
    {
        _lane = new Lane("test", 64, _clock, NullLogger.Instance);
        var hosted = new HostedPartitions([_lane]);
        _partition = new HostedPartition(_id, "orders", _lane, 0, TopicConfig.Default);
        _partition.Opened(
            PartitionLog.Open(
                new MemoryDisk().Directory("orders-0"), LogConfig.Default, new LogFileCache(16), new LogOpenOptions(), nowMs: 0),
            nodeId: 1,
            lagTimeMax: TimeSpan.FromSeconds(30));
        _partition.Verifications = new TransactionVerifications(_partition, _coordinator);
        hosted.Add(_partition);
        _access = new PartitionAccess(hosted, 1 << 20, locations: null, new SharedQuota(_clock), _clock, NullLogger.Instance);
        _markers = new TransactionMarkers(hosted, TimeSpan.FromSeconds(5));
        Lead(by: 1);
    }

    public void Dispose() => _lane.Dispose();

    [Fact]
    public async Task First_WaitsForTheCoordinator_LaterOnesDoNotAsk()
    {
        var first = ProduceAsync(sequence: 0);
        await _coordinator.AskedAsync(1);
        first.IsCompleted.ShouldBeFalse();

        _coordinator.Answer(ErrorCode.None);
        (await first).BaseOffset.ShouldBe(0);
        (await ProduceAsync(sequence: 1)).BaseOffset.ShouldBe(1);
        _coordinator.Asked.ShouldHaveSingleItem().ShouldBe(("tx", 7L, (short)0, new TopicPartitionName("orders", 0), false));
    }

    [Fact]
    public async Task OtherProducers_DoNotWait()
    {
        var waiting = ProduceAsync(sequence: 0);
        await _coordinator.AskedAsync(1);

        (await ProduceOutsideAsync()).BaseOffset.ShouldBe(0);

        _coordinator.Answer(ErrorCode.None);
        (await waiting).BaseOffset.ShouldBe(1);
    }

    [Fact]
    public async Task Marker_ThatComesMeanwhile_EndsTheWait_AndNothingHangs()
    {
        var late = ProduceAsync(sequence: 0);
        await _coordinator.AskedAsync(1);

        (await _markers.WriteAsync(new TransactionMarker(7, 1, 0, Commit: false, TransactionVersion: 2), [_id], default))
            .ShouldBe([ErrorCode.None]);

        (await late).Error.ShouldBe(ErrorCode.InvalidTxnState);
        _coordinator.Answer(ErrorCode.None);
        (await DescribeAsync()).ShouldHaveSingleItem().CurrentTransactionStartOffset.ShouldBe(-1);
    }

    [Theory]
    [InlineData(ErrorCode.NetworkException, ErrorCode.NotEnoughReplicas)]
    [InlineData(ErrorCode.CoordinatorLoadInProgress, ErrorCode.NotEnoughReplicas)]
    [InlineData(ErrorCode.ConcurrentTransactions, ErrorCode.ConcurrentTransactions)]
    [InlineData(ErrorCode.ProducerFenced, ErrorCode.InvalidProducerEpoch)]
    [InlineData(ErrorCode.InvalidProducerIdMapping, ErrorCode.InvalidProducerIdMapping)]
    public async Task Refusal_IsTold_AndTheNextWriteAsksAgain(ErrorCode answer, ErrorCode expected)
    {
        var refused = ProduceAsync(sequence: 0);
        await _coordinator.AskedAsync(1);
        _coordinator.Answer(answer);
        (await refused).Error.ShouldBe(expected);

        var again = ProduceAsync(sequence: 0);
        await _coordinator.AskedAsync(2);
        _coordinator.Answer(ErrorCode.None);
        (await again).Error.ShouldBe(ErrorCode.None);
    }

    [Fact]
    public async Task Batch_BehindOneThatWasRefused_DoesNotOvertakeIt()
    {
        var refused = ProduceAsync(sequence: 0, TransactionSupport.Default);
        await _coordinator.AskedAsync(1);
        _coordinator.Answer(ErrorCode.NetworkException);
        (await refused).Error.ShouldBe(ErrorCode.NotEnoughReplicas);

        var behind = ProduceAsync(sequence: 1, TransactionSupport.Default);
        await _coordinator.AskedAsync(2);
        _coordinator.Answer(ErrorCode.None);
        (await behind).Error.ShouldBe(ErrorCode.OutOfOrderSequenceNumber);
    }

    [Fact]
    public async Task Leadership_ThatIsLost_EndsTheWait()
    {
        var waiting = ProduceAsync(sequence: 0);
        await _coordinator.AskedAsync(1);

        Lead(by: 2);

        (await waiting).Error.ShouldBe(ErrorCode.NotLeaderOrFollower);
    }

    [Fact]
    public async Task Coordinator_ThatCannotBeAskedAnyMore_TakesNoPartitionOffline()
    {
        _coordinator.Broken = new OperationCanceledException();

        (await ProduceAsync(sequence: 0)).Error.ShouldBe(ErrorCode.NotEnoughReplicas);

        (await ProduceOutsideAsync()).Error.ShouldBe(ErrorCode.None);
    }

    private Task<ProduceResult> ProduceAsync(int sequence, TransactionSupport support = TransactionSupport.AddsPartitions)
    {
        var batch = new RecordBatchBuilder { ProducerId = 7, ProducerEpoch = 0, BaseSequence = sequence, IsTransactional = true }
            .Add(_clock.GetUtcNow().ToUnixTimeMilliseconds(), null, new byte[] { 1 }).Build();
        return _access.ProduceAsync(
            _id, batch, new ProduceOptions(RequiredAcks.All, Limit) { TransactionalId = "tx", Support = support })
            .AsTask().WaitAsync(Limit);
    }

    private ValueTask<ProduceResult> ProduceOutsideAsync() => _access.ProduceAsync(
        _id,
        new RecordBatchBuilder().Add(_clock.GetUtcNow().ToUnixTimeMilliseconds(), null, new byte[] { 1 }).Build(),
        new ProduceOptions(RequiredAcks.All, Limit));

    private async Task<IReadOnlyList<ProducerDescription>> DescribeAsync() => (await _access.DescribeProducersAsync(_id)).Producers;

    private void Lead(int by)
    {
        _leaderEpoch++;
        _lane.Post(new LaneCall<bool>(_partition, lane =>
        {
            _partition.Apply(TopicConfig.Default, new LeaderAndIsr(by, _leaderEpoch, _leaderEpoch, [1], [1]), lane);
            return true;
        }));
    }

    private sealed class ScriptedCoordinator : ITransactionAccess
    {
        private readonly SemaphoreSlim _asked = new(0);
        private TaskCompletionSource<ErrorCode> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public List<(string Id, long ProducerId, short ProducerEpoch, TopicPartitionName Partition, bool VerifyOnly)> Asked { get; } = [];

        public Exception? Broken { get; set; }

        public async Task AskedAsync(int times)
        {
            (await _asked.WaitAsync(Limit)).ShouldBeTrue();
            Asked.Count.ShouldBe(times);
        }

        public void Answer(ErrorCode error)
        {
            var answer = _answer;
            _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
            answer.SetResult(error);
        }

        public async ValueTask<IReadOnlyList<ErrorCode>> RegisterPartitionsAsync(
            string transactionalId,
            long producerId,
            short producerEpoch,
            IReadOnlyList<TopicPartitionName> partitions,
            bool verifyOnly,
            CancellationToken cancellationToken)
        {
            if (Broken is { } broken)
            {
                throw broken;
            }

            var answer = _answer.Task;
            Asked.Add((transactionalId, producerId, producerEpoch, partitions.ShouldHaveSingleItem(), verifyOnly));
            _asked.Release();
            return [await answer];
        }

        public ValueTask<CoordinatorResult> FindCoordinatorAsync(string transactionalId, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public ValueTask<AddPartitionsReply> AddPartitionsAsync(AddPartitionsCommand command, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public ValueTask<TReply> SubmitAsync<TReply>(
            string transactionalId, TransactionCommand<TReply> command, CancellationToken cancellationToken)
            where TReply : TransactionReply => throw new NotSupportedException();

        public ValueTask<IReadOnlyList<TReply>> SubmitToAllAsync<TReply>(
            TransactionCommand<TReply> command, CancellationToken cancellationToken)
            where TReply : TransactionReply => throw new NotSupportedException();
    }
}

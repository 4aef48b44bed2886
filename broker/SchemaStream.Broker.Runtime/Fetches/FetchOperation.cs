using System.Threading.Tasks.Sources;
using SchemaStream.Broker.Replication;
using SchemaStream.Broker.Runtime.Access;
using SchemaStream.Broker.Runtime.Lanes;
using SchemaStream.Broker.Runtime.Partitions;
using SchemaStream.Broker.Runtime.Replicas;
using SchemaStream.Protocol;

namespace SchemaStream.Broker.Runtime.Fetches;

/// <summary>
/// One fetch over any number of partitions and lanes. A round posts once per lane, which finds where the bytes lie. If they
/// are too few, a second round leaves a note in each partition, and the fetch costs nothing until enough came in, its time
/// is up or a partition changed; a last round takes the notes back and looks again. Bytes are read after that, on no lane.
/// The operation is its own result: disposing it gives memory and itself back.
/// </summary>
internal sealed partial class FetchOperation : FetchReadResult, IFetchWaiter, IValueTaskSource<FetchReadResult>, IThreadPoolWorkItem
{
    private const int Reading = 0;
    private const int Arming = 1;
    private const int Waiting = 2;
    private const int LastRound = 3;

    private readonly OperationPool<FetchOperation> _pool;
    private readonly FetchLanePart[] _parts;
    private readonly ITimer _timer;
    private readonly FetchAssembly _assembly = new();
    private readonly IReplicaLocations? _locations;
    private readonly SharedQuota _quota;
    private ManualResetValueTaskSourceCore<FetchReadResult> _source;
    private CancellationTokenRegistration _cancellation;
    private FetchSlot[] _slots = [];
    private FetchQuery? _query;
    private int _partsLeft;
    private int _state;
    private int _interrupted;
    private long _missingBytes;
    private bool _timerIsSet;
    private bool _disposed = true;

    /// <param name="locations">Where the replicas are that consumers are sent to; null when they are to read from leaders.</param>
    /// <param name="quota">What followers may have of partitions that are throttled.</param>
    public FetchOperation(
        OperationPool<FetchOperation> pool,
        int laneCount,
        IReplicaLocations? locations,
        SharedQuota quota,
        TimeProvider timeProvider)
    {
        _pool = pool;
        _locations = locations;
        _quota = quota;
        _parts = new FetchLanePart[laneCount];
        for (var i = 0; i < laneCount; i++)
        {
            _parts[i] = new FetchLanePart(this);
        }

        _timer = timeProvider.CreateTimer(
            static state => ((FetchOperation)state!).OnInterrupted(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public override IReadOnlyList<FetchPartitionResult> Partitions => _assembly.Results;

    /// <summary>The most that all partitions together may give.</summary>
    public int MaxBytes { get; private set; }

    private bool MayWait => _query!.MaxWait > TimeSpan.Zero && _query.MinBytes > 0;

    public HostedPartition? PartitionAt(int index) => _slots[index].Partition;

    public ValueTask<FetchReadResult> RunAsync(
        FetchQuery query, HostedPartitions directory, int maxBytes, CancellationToken cancellationToken)
    {
        _disposed = false;
        _query = query;
        _state = Reading;
        _interrupted = 0;
        _missingBytes = query.MinBytes;
        MaxBytes = maxBytes;
        FindPartitions(query, directory);
        if (cancellationToken.CanBeCanceled)
        {
            _cancellation = cancellationToken.UnsafeRegister(static state => ((FetchOperation)state!).OnInterrupted(), this);
        }

        var outcome = new ValueTask<FetchReadResult>(this, _source.Version);
        PostRound();
        PartDone(onLane: false);
        return outcome;
    }

    /// <summary>On the partition's lane: does what this round is for.</summary>
    /// <returns>How many bytes can be read.</returns>
    public int LookOnLane(int index, int budget, bool isFirst, Lane lane)
    {
        ref var slot = ref _slots[index];
        if (slot.Partition!.Replica is not { } replica)
        {
            slot.Read.Slice?.Dispose();
            slot.Read = PartitionRead.Failed(slot.Partition.Unavailable);
            OnInterrupted();
            return 0;
        }

        switch (Volatile.Read(ref _state))
        {
            case Arming:
                Arm(ref slot, _query!.Partitions[index], replica);
                return 0;
            case LastRound:
                slot.StopWaiting(this);
                break;
        }

        return Read(ref slot, _query!.Partitions[index], replica, budget, isFirst, lane);
    }

    /// <summary>The partition cannot be looked at: the lane takes no more work, or its storage failed.</summary>
    public void GiveUp(int index, ErrorCode error)
    {
        _slots[index].Read.Slice?.Dispose();
        _slots[index].Read = PartitionRead.Failed(error);
        OnInterrupted();
    }

    /// <summary>On the lane, after looking at a partition threw: it may live on, so no note is left in it.</summary>
    public void BrokeOnLane(int index)
    {
        _slots[index].StopWaiting(this);
        GiveUp(index, ErrorCode.KafkaStorageError);
    }

    /// <summary>On a partition's lane, while the fetch waits there.</summary>
    public void OnReadable(long bytes)
    {
        if (Interlocked.Add(ref _missingBytes, -bytes) <= 0)
        {
            Wake();
        }
    }

    /// <summary>From anywhere: time is up, the client is gone, or a partition has something else to say.</summary>
    public void OnInterrupted()
    {
        Volatile.Write(ref _interrupted, 1);
        Wake();
    }

    /// <summary>The last part to end, or the poster, goes on with the fetch.</summary>
    public void PartDone(bool onLane)
    {
        if (Interlocked.Decrement(ref _partsLeft) > 0)
        {
            return;
        }

        if (_state == Arming)
        {
            Wait();
        }
        else if (_state == Reading && MayWait && IsShort)
        {
            ReleaseSlices();
            Volatile.Write(ref _state, Arming);
            PostRound();
            PartDone(onLane);
        }
        else if (onLane)
        {
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: true);
        }
        else
        {
            Finish();
        }
    }

    void IThreadPoolWorkItem.Execute() => Finish();

    FetchReadResult IValueTaskSource<FetchReadResult>.GetResult(short token) => _source.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<FetchReadResult>.GetStatus(short token) => _source.GetStatus(token);

    void IValueTaskSource<FetchReadResult>.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _source.OnCompleted(continuation, state, token, flags);

    protected override void Dispose(bool disposing)
    {
        if (!disposing || _disposed)
        {
            return;
        }

        _disposed = true;
        _assembly.Clear();
        _query = null;
        _source.Reset();
        _pool.Return(this);
    }

    private static ReadBound Bound(FetchQuery query) =>
        query.ReplicaId >= 0 ? ReadBound.LogEnd
        : query.Isolation == IsolationLevel.ReadCommitted ? ReadBound.LastStableOffset
        : ReadBound.HighWatermark;
}

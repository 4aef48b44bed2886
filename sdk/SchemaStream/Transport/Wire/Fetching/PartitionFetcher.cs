using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using SchemaStream.Protocol;
using SchemaStream.Protocol.Records;
using SchemaStream.Transport.Wire.Connections;

namespace SchemaStream.Transport.Wire.Fetching;

/// <summary>
/// Fetches a topic's partitions over connections of its own, one or two per broker, ahead of the reader, and hands it their
/// records where the network has put them.
/// </summary>
/// <remarks>
/// What is decided is <see cref="FetchState"/>'s; this is its lock, its loops and its sockets. The files: this one is the
/// reader's side, <c>.Loops</c> the network's, <c>.Chores</c> what is asked besides.
/// </remarks>
internal sealed partial class PartitionFetcher : IAsyncDisposable
{
    private readonly string _topic;
    private readonly FetchSettings _settings;
    private readonly IWireCluster _cluster;
    private readonly ICommittedOffsets? _committed;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Action<PartitionFetcher, TopicLayout>? _layoutLearned;
    private readonly FetchState _state;
    private readonly RecordUnpacker _unpacker;

    /// <summary>Held while the state is looked at or changed; never while anything waits.</summary>
    private readonly Lock _lock = new();

    /// <summary>Held while records are unpacked; taken before the other, never after it.</summary>
    private readonly Lock _reading = new();

    private readonly Arrivals _arrivals = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly CancellationToken _stopped;
    private readonly TaskCompletionSource _failed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _isReleased;

    /// <summary>Makes a fetcher that does nothing until it has partitions.</summary>
    /// <param name="topic">The topic.</param>
    /// <param name="settings">How to fetch.</param>
    /// <param name="cluster">The brokers; the fetcher owns it.</param>
    /// <param name="committed">Asks the group how far it is; null where there is no group.</param>
    /// <param name="time">The clock of waits and retries.</param>
    /// <param name="logger">Where failures are logged.</param>
    /// <param name="layoutLearned">Told what the brokers say of the topic, on the fetcher's loop; null for no one.</param>
    public PartitionFetcher(
        string topic,
        FetchSettings settings,
        IWireCluster cluster,
        ICommittedOffsets? committed,
        TimeProvider time,
        ILogger logger,
        Action<PartitionFetcher, TopicLayout>? layoutLearned = null)
    {
        _layoutLearned = layoutLearned;
        _topic = topic;
        _settings = settings;
        _cluster = cluster;
        _committed = committed;
        _time = time;
        _logger = logger;
        _stopped = _stopping.Token;
        _state = new FetchState(topic, settings) { Told = Tell };
        _unpacker = new RecordUnpacker(settings);
        _clock = time.CreateTimer(
            static state => ((PartitionFetcher)state!)._wakeup.Set(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _loop = Task.Run(RunAsync);
    }

    /// <summary>Whether something waits for the reader.</summary>
    public bool HasRecords
    {
        get
        {
            lock (_lock)
            {
                return _state.HasReady;
            }
        }
    }

    /// <summary>Partitions have come.</summary>
    /// <param name="partitions">The partitions.</param>
    /// <param name="starts">Where to begin with each: an offset or a name of one.</param>
    public void Add(IReadOnlyList<AssignedPartition> partitions, IReadOnlyList<long> starts)
    {
        lock (_lock)
        {
            for (var index = 0; index < partitions.Count; index++)
            {
                _state.Add(partitions[index], starts[index]);
            }
        }

        WakeAll();
    }

    /// <summary>Partitions have gone: what is fetched of them is dropped.</summary>
    public void Remove(IReadOnlyList<AssignedPartition> partitions)
    {
        lock (_lock)
        {
            foreach (var partition in partitions)
            {
                _state.Remove(partition);
            }
        }
    }

    /// <summary>Goes on elsewhere.</summary>
    public void Seek(AssignedPartition partition, int generation, long offset)
    {
        lock (_lock)
        {
            _state.Seek(partition, generation, offset);
        }

        WakeAll();
    }

    /// <summary>What may be fetched has changed.</summary>
    public void Nudge() => WakeAll();

    /// <summary>The next batch, if there is one already.</summary>
    public IncomingBatch? TryRead()
    {
        lock (_reading)
        {
            while (!_isReleased)
            {
                if (_unpacker.Source is null && !TryBegin())
                {
                    return null;
                }

                if (TryUnpack() is { } batch)
                {
                    return batch;
                }
            }
        }

        return null;
    }

    /// <summary>The next batch; null once reading has ended.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<IncomingBatch?> ReadAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            // First the word is taken, then the records: what comes in between is told again.
            _arrivals.Hear();
            if (TryRead() is { } batch)
            {
                return batch;
            }

            if (!await _arrivals.WaitAsync(cancellationToken).ConfigureAwait(false))
            {
                return null;
            }
        }
    }

    /// <summary>Reading ends: the reader gets what is there, then the exception.</summary>
    /// <param name="failure">Why; null when no one reads on.</param>
    public void End(Exception? failure)
    {
        _arrivals.End(failure);
        if (failure is not null && _failed.TrySetException(failure))
        {
            _ = _failed.Task.Exception; // seen: often no one waits
        }
    }

    /// <summary>Waits for something of the reader's that does not come once reading has failed.</summary>
    /// <param name="awaited">What is waited for.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public async Task OrFailAsync(Task awaited, CancellationToken cancellationToken)
    {
        var first = await Task.WhenAny(awaited, _failed.Task).WaitAsync(cancellationToken).ConfigureAwait(false);
        await first.ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        End(failure: null);
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _cluster.DisposeAsync().ConfigureAwait(false);
        await _loop.ConfigureAwait(false);
        await Task.WhenAll(TakeWork()).ConfigureAwait(false);
        await _clock.DisposeAsync().ConfigureAwait(false);
        lock (_reading)
        {
            _isReleased = true;
            _unpacker.Drop();
            lock (_lock)
            {
                _state.Clear();
            }
        }

        _stopping.Dispose();
    }

    private long NowMs => _time.GetTimestamp() / (_time.TimestampFrequency / 1000);

    private bool TryBegin()
    {
        FetchedRecords? records;
        lock (_lock)
        {
            if (!_state.TryTake(out records))
            {
                return false;
            }
        }

        _unpacker.Begin(records);
        return true;
    }

    private FetchedBatch? TryUnpack()
    {
        var source = _unpacker.Source!;
        try
        {
            // Not worth unpacking when it is of no use any more; what slips through is dropped by its generation.
            if (source.Cursor.Partition.IsCurrent(source.Generation) && _unpacker.TryNext(out var batch))
            {
                return batch;
            }
        }
        catch (Exception damaged) when (damaged is CorruptRecordException or Compression.CompressionException)
        {
            lock (_lock)
            {
                _state.OnCorrupt(source, _unpacker.Offset, damaged.Message, NowMs);
            }

            _unpacker.Drop();
            AfterChange();
            return null;
        }

        _unpacker.Drop();
        bool isMoreWanted;
        lock (_lock)
        {
            isMoreWanted = _state.OnRead(source);
        }

        if (isMoreWanted)
        {
            WakeBroker(source.Cursor);
        }

        return null;
    }

    private void Tell(ErrorCode error, string what) => _logger.ClientError(_topic, WireErrors.NameOf(error), what);

    /// <summary>Something has come: the reader hears of it, and the loops look again.</summary>
    private void AfterChange()
    {
        BrokerException? failure;
        bool hasReady;
        bool hasNews;
        lock (_lock)
        {
            failure = _state.Failure;
            hasReady = _state.HasReady;
            hasNews = _state.HasNews;
        }

        if (hasReady)
        {
            _arrivals.Tell();
        }

        if (failure is not null && !_hasFailed)
        {
            _hasFailed = true;
            _logger.ClientFailed(_topic, failure.Code ?? "", failure.Message);
            End(failure);
        }

        if (hasNews)
        {
            _wakeup.Set();
        }
    }
}

using System.Runtime.ExceptionServices;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using SchemaStream.Consuming.Failures;
using SchemaStream.Transport;

namespace SchemaStream.Consuming.Processing;

/// <summary>One run of handlers: records from a source into lanes, lanes to a bounded number of workers, offsets to commits.</summary>
/// <remarks>The files: this one feeds and ends, <c>.Workers</c> runs handlers, <c>.Commits</c> hears of partitions and commits.</remarks>
internal sealed partial class Processor<TKey, TValue> : IDisposable
{
    /// <summary>Over how many lanes the keys of a partition are spread, times the handlers that run at once.</summary>
    private const int LanesPerHandler = 8;

    /// <summary>
    /// How long a full partition is waited for before it is fetched no more: fetching again what librdkafka had ahead
    /// costs more than a short wait.
    /// </summary>
    private static readonly TimeSpan RoomPatience = TimeSpan.FromMilliseconds(100);

    private readonly RecordSource<TKey, TValue> _source;
    private readonly IConsumerTransport _transport;
    private readonly Func<ConsumedRecord<TKey, TValue>, CancellationToken, ValueTask> _handler;
    private readonly ProcessingTerms _terms;
    private readonly IFailedRecords? _failed;
    private readonly ILogger _logger;
    private readonly bool _keepsBytes;
    private readonly Channel<Lane<TKey, TValue>> _runnable = Channel.CreateUnbounded<Lane<TKey, TValue>>();
    private readonly Lock _lock = new();
    private readonly Dictionary<AssignedPartition, PartitionWork<TKey, TValue>> _works = [];

    /// <summary>Never disposed: a partition may leave, and its last commit fail, when the run has ended already.</summary>
    private readonly CancellationTokenSource _failing = new();
    private readonly HeldBackPartitions _heldBack;
    private Exception? _failure;

    /// <summary>The work of the last record, which is nearly always that of the next.</summary>
    private PartitionWork<TKey, TValue>? _latest;

    /// <summary>Makes a run.</summary>
    /// <param name="source">Where records come from.</param>
    /// <param name="transport">Where they are committed.</param>
    /// <param name="handler">The application's.</param>
    /// <param name="terms">How to run.</param>
    /// <param name="failed">Where records go that fail; null where the policy needs none.</param>
    /// <param name="logger">Where failures are logged.</param>
    public Processor(
        RecordSource<TKey, TValue> source,
        IConsumerTransport transport,
        Func<ConsumedRecord<TKey, TValue>, CancellationToken, ValueTask> handler,
        ProcessingTerms terms,
        IFailedRecords? failed,
        ILogger logger)
    {
        _source = source;
        _transport = transport;
        _handler = handler;
        _terms = terms;
        _failed = failed;
        _logger = logger;
        _keepsBytes = ProcessingTerms.NeedsBytes(terms.Options.Failure);
        _heldBack = new HeldBackPartitions(transport, terms.Time, logger);
    }

    /// <summary>Handles records until the consumer is closed.</summary>
    /// <param name="cancellationToken">Ends the run.</param>
    /// <exception cref="OperationCanceledException">The run was ended.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _failing.Token);
        var workers = Enumerable.Range(0, _terms.Options.Parallelism).Select(_ => Task.Run(WorkAsync, CancellationToken.None)).ToArray();
        var committing = _terms.CommitMode == CommitMode.AfterHandling ? CommitFinishedAsync() : Task.CompletedTask;
        try
        {
            await FeedAsync(stop.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Told to stop, or a handler has failed: which of the two is said below.
        }
        finally
        {
            await DrainAsync(workers).ConfigureAwait(false);
            _finished.Writer.TryComplete();
            await committing.ConfigureAwait(false);
            GiveBack();
        }

        if (_failure is not null)
        {
            ExceptionDispatchInfo.Throw(_failure);
        }

        cancellationToken.ThrowIfCancellationRequested();
    }

    /// <summary>Called when the run has ended.</summary>
    public void Dispose() => _heldBack.Dispose();

    private async Task FeedAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var step = _source.TakeNext(out var record);
            if (step == SourceStep.Record)
            {
                if (!_terms.IsRetry || Prepare(ref record))
                {
                    await TakeInAsync(record, cancellationToken).ConfigureAwait(false);
                }

                continue;
            }

            if (step is SourceStep.Nothing or SourceStep.PartitionEnd)
            {
                continue;
            }

            if (!await _source.AdvanceAsync(step, cancellationToken).ConfigureAwait(false))
            {
                return;
            }

            if (_source.HasPassedOver)
            {
                WorkOfLatest().AddFinished(_source.Offset);
                TellFinished();
            }
        }
    }

    /// <summary>Turns a record of a retry topic into what it was at first, unless it is for later.</summary>
    private bool Prepare(ref ConsumedRecord<TKey, TValue> record)
    {
        if (!RetryHeaders.TryRead(record.Headers, out var retry) || retry.Group != _terms.GroupId)
        {
            // Not one that a consumer of this group wrote: nothing says what to do with it.
            _logger.RecordSkipped(
                _source.Partition.Name.Topic,
                record.Partition,
                record.Offset,
                new SchemaSerializationException("it lacks the headers of a retry of this group"));
            WorkOfLatest().AddFinished(_source.Offset);
            TellFinished();
            _source.TakeBack();
            return false;
        }

        if (_heldBack.HoldUntil(retry.Due, _source.Partition, _source.Generation, _source.Offset))
        {
            _source.TakeBack();
            return false;
        }

        record = record with
        {
            Topic = retry.Source.Topic,
            Partition = retry.Source.Partition,
            Offset = retry.Source.Offset,
            Timestamp = retry.Timestamp ?? record.Timestamp,
        };
        return true;
    }

    private async ValueTask TakeInAsync(ConsumedRecord<TKey, TValue> record, CancellationToken cancellationToken)
    {
        var work = WorkOfLatest();
        if (!work.HasRoom)
        {
            await WaitForRoomAsync(work, cancellationToken).ConfigureAwait(false);
        }

        if (Add(work, in record) is { } lane)
        {
            _runnable.Writer.TryWrite(lane);
        }
    }

    private Lane<TKey, TValue>? Add(PartitionWork<TKey, TValue> work, in ConsumedRecord<TKey, TValue> record)
    {
        var bytes = _source.Bytes;
        var hash = _terms.Options.Order == ProcessingOrder.Key && bytes.HasKey ? HashOf(bytes.Key) : 0;
        var attempt = _terms.IsRetry ? RetryHeaders.AttemptsOf(record.Headers) + 1 : 1;
        return work.Add(in record, _keepsBytes ? RawBytes.Copy(in bytes) : default, _source.Offset, hash, attempt);
    }

    private async ValueTask WaitForRoomAsync(PartitionWork<TKey, TValue> work, CancellationToken cancellationToken)
    {
        var room = work.WhenRoomAsync();
        await room.WaitAsync(RoomPatience, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

        // Whoever is told to stop takes the record in all the same: so it is among those that are given back.
        if (!room.IsCompleted && !cancellationToken.IsCancellationRequested && work.TrySetBacklogged())
        {
            // Other partitions go on meanwhile; what is fetched of this one already is taken in beyond the capacity.
            work.Partition.Pause(PauseReasons.Backlog);
            _transport.ApplyPauses(work.Partition);
            if (work.IsVoid)
            {
                EndBacklog(work.Partition); // gone elsewhere between the two
            }
        }
    }

    private PartitionWork<TKey, TValue> WorkOf(AssignedPartition partition)
    {
        lock (_lock)
        {
            if (_works.TryGetValue(partition, out var work) && work.SeekCount == partition.SeekCount)
            {
                return work;
            }

            DropVoid();
            var lanes = _terms.Options.Order == ProcessingOrder.Key ? _terms.Options.Parallelism * LanesPerHandler : 1;
            work = new PartitionWork<TKey, TValue>(partition, lanes, _terms.Options.QueueCapacity);
            if (partition.IsRevoked)
            {
                _ = work.StopAsync(); // it has left while its record was on the way here
            }

            _works[partition] = work;
            return work;
        }
    }

    /// <summary>The work of the partition of the source's last record.</summary>
    private PartitionWork<TKey, TValue> WorkOfLatest()
    {
        var partition = _source.Partition;
        if (_latest is not { } latest || !ReferenceEquals(latest.Partition, partition) || latest.SeekCount != partition.SeekCount)
        {
            _latest = latest = WorkOf(partition);
        }

        return latest;
    }

    private void DropVoid()
    {
        foreach (var work in _works.Values.Where(work => work.IsVoid).ToArray())
        {
            _ = work.StopAsync(); // what runs of it ends by itself, and counts no longer
            _works.Remove(work.Partition);
        }
    }

    /// <summary>Running handlers finish; those that take too long are told to stop, and then left alone.</summary>
    private async Task DrainAsync(Task[] workers)
    {
        _heldBack.Dispose();
        var idle = Task.WhenAll(Works().Select(work => work.StopAsync()));
        _runnable.Writer.TryComplete();
        var all = Task.WhenAll(workers.Append(idle));
        await all.WaitAsync(_terms.Options.DrainTimeout).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!all.IsCompleted)
        {
            _logger.HandlersAbandoned(_terms.Topic, _terms.Options.DrainTimeout);
            foreach (var work in Works())
            {
                work.CancelHandlers();
            }

            await all.WaitAsync(_terms.Options.DrainTimeout).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>What was fetched and not handled is fetched again by whoever reads on.</summary>
    private void GiveBack()
    {
        foreach (var work in Works())
        {
            var partition = work.Partition;
            partition.Resume(PauseReasons.Backlog | PauseReasons.NotDue, out _, out _);
            _transport.ApplyPauses(partition);
            var from = work.FirstUnfinished;
            if (!work.IsVoid && from != AssignedPartition.NoOffset && partition.TryBeginRewind(from, out var generation))
            {
                _transport.RewindInBackground(partition, generation, from, _logger);
            }
        }
    }

    private PartitionWork<TKey, TValue>[] Works()
    {
        lock (_lock)
        {
            return [.. _works.Values];
        }
    }

    private static uint HashOf(ReadOnlySpan<byte> key)
    {
        // FNV-1a, mixed: any hash will do that spreads keys over lanes.
        var hash = 2166136261u;
        foreach (var value in key)
        {
            hash = (hash ^ value) * 16777619u;
        }

        return hash ^ (hash >> 15);
    }
}

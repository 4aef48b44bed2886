using Microsoft.Extensions.Logging;
using SchemaStream.Consuming;
using SchemaStream.Transport;

namespace SchemaStream.Transactions;

/// <summary>
/// Read, handle, commit records and progress together, again and again. A transaction that is aborted leaves the reader
/// beyond what counts: it goes back in the partitions that it still has. A producer that is of no more use costs the member
/// its place too, and both begin anew at what was committed. When it is cancelled, the record in hand is handled and what is in
/// hand is committed, so that a stop leaves no work to be done twice.
/// </summary>
/// <param name="topic">The topic that is read.</param>
/// <param name="openProducer">Makes a producer, which fences the one before.</param>
/// <param name="openReader">Makes a member of the group.</param>
/// <param name="sourceOver">Makes records of what a member reads.</param>
/// <param name="handle">Sends what becomes of a record.</param>
/// <param name="maxRecords">How many records share a transaction at most.</param>
/// <param name="drainTimeout">How long the record in hand and the commit may take once the loop is cancelled.</param>
/// <param name="timeProvider">Times the waits after failures.</param>
/// <param name="logger">Where what is waited out is logged.</param>
internal sealed class ExactlyOnceLoop<TKey, TValue>(
    string topic,
    Func<CancellationToken, Task<TransactionalProducer>> openProducer,
    Func<IConsumerTransport> openReader,
    Func<IConsumerTransport, RecordSource<TKey, TValue>> sourceOver,
    Func<ConsumedRecord<TKey, TValue>, ITransaction, CancellationToken, ValueTask> handle,
    int maxRecords,
    TimeSpan drainTimeout,
    TimeProvider timeProvider,
    ILogger logger) : IAssignmentListener
{
    /// <summary>After how many refusals of what waiting may not mend, without a commit between them, the loop gives up.</summary>
    private const int MostRefusalsInARow = 40;

    private static readonly TimeSpan ShortestWait = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(2);

    /// <summary>Per partition the first offset of the transaction, to go back to, and the one behind its last.</summary>
    private readonly Dictionary<AssignedPartition, long> _starts = [];
    private readonly Dictionary<AssignedPartition, long> _positions = [];

    /// <summary>Partitions that were read to their ends, which counts once what is in hand is committed.</summary>
    private readonly Dictionary<int, long> _ended = [];

    private Transaction? _transaction;
    private int _count;
    private int _failures;
    private int _refusals;

    /// <summary>What the handler has thrown, its transaction being sound: it may be a matter of its own.</summary>
    private Exception? _thrown;

    private bool _readerHasEnded;

    /// <summary>Runs until it is cancelled, fails for good, or has come to the ends.</summary>
    /// <param name="ends">Where to end; null for never.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task RunAsync(EndOffsets? ends, CancellationToken cancellationToken)
    {
        using var drain = new CancellationTokenSource(Timeout.InfiniteTimeSpan, timeProvider);
        using var beginning = cancellationToken.UnsafeRegister(_ => drain.CancelAfter(drainTimeout), null);
        TransactionalProducer? producer = null;
        try
        {
            while (true)
            {
                try
                {
                    producer ??= await openProducer(cancellationToken).ConfigureAwait(false);
                    if (ends is not null && !ends.AreKnown)
                    {
                        ends.Take(await producer.Transport.EndOffsetsAsync(topic, cancellationToken).ConfigureAwait(false));
                    }

                    await RunSessionAsync(producer, ends, drain.Token, cancellationToken).ConfigureAwait(false);
                    return;
                }
                catch (TransactionAbortedException failure) when (ShallGoOn(failure, failure.Code))
                {
                    logger.TransactionAborted(topic, failure); // the member has ended: another takes its place
                }
                catch (BrokerException failure) when (!IsLasting(failure.Code) && ShallGoOn(failure, failure.Code))
                {
                    logger.TransformBeginsAgain(topic, failure);
                    if (producer is not null)
                    {
                        await producer.DisposeAsync().ConfigureAwait(false);
                        producer = null;
                    }
                }

                await WaitAsync(cancellationToken).ConfigureAwait(false);
            }
        }
        finally
        {
            if (producer is not null)
            {
                await producer.DisposeAsync().ConfigureAwait(false);
            }
        }
    }

    IReadOnlyDictionary<int, long>? IAssignmentListener.OnAssigned(
        IReadOnlyList<AssignedPartition> partitions, bool isWholeAssignment, Func<IReadOnlyList<long>> committed) => null;

    void IAssignmentListener.OnRevoking(IReadOnlyList<AssignedPartition> partitions, bool isWholeAssignment)
    {
        // What is in hand of them is refused when it is to be committed, and handled by their next owner.
    }

    void IAssignmentListener.OnLost(IReadOnlyList<AssignedPartition> partitions)
    {
        // As above.
    }

    /// <summary>What no waiting mends.</summary>
    private static bool IsLasting(string code) =>
        code.EndsWith("AUTHORIZATION_FAILED", StringComparison.Ordinal)
        || code is "UNKNOWN_TOPIC_OR_PART" or "UNKNOWN_TOPIC" or "INVALID_TRANSACTION_TIMEOUT" or "INCONSISTENT_GROUP_PROTOCOL"
            or "AUTHENTICATION" or "SASL_AUTHENTICATION_FAILED" or "UNSUPPORTED_SASL_MECHANISM" or "INVALID_CONFIG"
            or "AUTO_OFFSET_RESET" or "LOG_TRUNCATION";

    /// <summary>What is a record's own fault, read or written, or another member's of the same name: it would come again, perhaps for ever.</summary>
    private static bool MayLast(string code) =>
        IsLasting(code)
        || code is "CORRUPT_MESSAGE" or "MSG_SIZE_TOO_LARGE" or "INVALID_MSG_SIZE" or "INVALID_MSG" or "INVALID_RECORD" or "INVALID_TIMESTAMP"
            or "UNKNOWN_PARTITION" or "POLICY_VIOLATION" or "FENCED_INSTANCE_ID" or "UNSUPPORTED_VERSION" or "UNSUPPORTED_FEATURE";

    /// <summary>Trouble with the brokers is waited out, however long it takes.</summary>
    private bool ShallGoOn(Exception failure, string code)
    {
        _failures++;
        return (!MayLast(code) && !ReferenceEquals(failure, _thrown)) || ++_refusals < MostRefusalsInARow;
    }

    private async Task RunSessionAsync(
        TransactionalProducer producer, EndOffsets? ends, CancellationToken drained, CancellationToken cancellationToken)
    {
        Forget();
        _readerHasEnded = false;
        var reader = openReader();
        await using var closing = reader.ConfigureAwait(false);
        var source = sourceOver(reader);
        reader.Open(this);
        try
        {
            while (ends is null || _count > 0 || !ends.AreReached)
            {
                try
                {
                    if (cancellationToken.IsCancellationRequested)
                    {
                        await CommitAsync(reader, ends, drained).ConfigureAwait(false);
                        cancellationToken.ThrowIfCancellationRequested();
                    }

                    await StepAsync(producer, reader, source, ends, drained, cancellationToken).ConfigureAwait(false);
                }
                catch (TransactionAbortedException failure) when (!_readerHasEnded && ShallGoOn(failure, failure.Code))
                {
                    logger.TransactionAborted(topic, failure);
                    await GoBackAsync(reader).ConfigureAwait(false);
                    await WaitAsync(cancellationToken).ConfigureAwait(false);
                }
            }
        }
        finally
        {
            source.DropBatch();
            if (_transaction is { } open)
            {
                await open.DisposeAsync().ConfigureAwait(false);
            }
        }
    }

    private async Task StepAsync(
        TransactionalProducer producer,
        IConsumerTransport reader,
        RecordSource<TKey, TValue> source,
        EndOffsets? ends,
        CancellationToken drained,
        CancellationToken cancellationToken)
    {
        var step = source.TakeNext(out var record);
        if (step == SourceStep.Record)
        {
            await HandleAsync(producer, source, record, drained).ConfigureAwait(false);
        }
        else if (step == SourceStep.PartitionEnd)
        {
            _ended[source.Partition.Name.Partition] = source.Offset;
        }
        else if (step == SourceStep.NoBatch && !source.TryAdvance())
        {
            // Nothing at hand: what is in hand must not wait for what may never come.
            await CommitAsync(reader, ends, drained).ConfigureAwait(false);
            if (ends is not { AreReached: true })
            {
                await AdvanceAsync(producer, source, step, drained, cancellationToken).ConfigureAwait(false);
            }
        }
        else if (step is not (SourceStep.NoBatch or SourceStep.Nothing))
        {
            await AdvanceAsync(producer, source, step, drained, cancellationToken).ConfigureAwait(false);
        }

        if (_count >= maxRecords)
        {
            await CommitAsync(reader, ends, drained).ConfigureAwait(false);
        }
    }

    /// <summary>Nothing of the transaction counts: its records are read again, where they are still this member's.</summary>
    private async Task GoBackAsync(IConsumerTransport reader)
    {
        if (_transaction is { } open)
        {
            await open.DisposeAsync().ConfigureAwait(false);
        }

        // A partition that stays where it is does not tell its end again.
        var ended = _ended.Where(end => !_starts.Keys.Any(partition => partition.Name.Partition == end.Key)).ToList();
        foreach (var (partition, offset) in _starts)
        {
            if (partition.TryBeginRewind(offset, out var generation))
            {
                await reader.SeekAsync(partition, generation, offset).ConfigureAwait(false);
            }
        }

        Forget();
        ended.ForEach(end => _ended.Add(end.Key, end.Value));
    }

    private void Forget()
    {
        _transaction = null;
        _starts.Clear();
        _positions.Clear();
        _ended.Clear();
        _count = 0;
    }

    private Task WaitAsync(CancellationToken cancellationToken)
    {
        var wait = Math.Min(LongestWait.TotalMilliseconds, ShortestWait.TotalMilliseconds * (1 << Math.Min(Math.Max(_failures - 1, 0), 10)));
        return Task.Delay(TimeSpan.FromMilliseconds(wait), timeProvider, cancellationToken);
    }

    private async Task HandleAsync(
        TransactionalProducer producer, RecordSource<TKey, TValue> source, ConsumedRecord<TKey, TValue> record, CancellationToken cancellationToken)
    {
        await NoteAsync(producer, source, cancellationToken).ConfigureAwait(false);
        try
        {
            await handle(record, _transaction!, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception failure) when (_transaction is { HasEnded: false })
        {
            _thrown = failure;
            throw;
        }
    }

    private async Task NoteAsync(TransactionalProducer producer, RecordSource<TKey, TValue> source, CancellationToken cancellationToken)
    {
        _transaction ??= (Transaction)await producer.BeginAsync(cancellationToken).ConfigureAwait(false);
        _starts.TryAdd(source.Partition, source.Offset);
        _positions[source.Partition] = source.Offset + 1;
        _count++;
    }

    private async Task AdvanceAsync(
        TransactionalProducer producer,
        RecordSource<TKey, TValue> source,
        SourceStep step,
        CancellationToken drained,
        CancellationToken cancellationToken)
    {
        try
        {
            if (!await source.AdvanceAsync(step, cancellationToken).ConfigureAwait(false))
            {
                _readerHasEnded = true;
                throw new TransactionAbortedException($"The member that reads topic '{topic}' has ended.");
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return; // to commit what is in hand
        }

        if (source.HasPassedOver)
        {
            await NoteAsync(producer, source, drained).ConfigureAwait(false);
        }
    }

    private async Task CommitAsync(IConsumerTransport reader, EndOffsets? ends, CancellationToken cancellationToken)
    {
        if (_transaction is { } transaction)
        {
            await transaction.AddAsync(reader, topic, _positions, cancellationToken).ConfigureAwait(false);
            await transaction.CommitAsync(cancellationToken).ConfigureAwait(false);
            _failures = 0;
            _refusals = 0;
        }

        if (ends is not null)
        {
            foreach (var (partition, offset) in _positions)
            {
                ends.Reach(partition.Name.Partition, offset);
            }

            foreach (var (partition, offset) in _ended)
            {
                ends.Reach(partition, offset);
            }
        }

        Forget();
    }
}

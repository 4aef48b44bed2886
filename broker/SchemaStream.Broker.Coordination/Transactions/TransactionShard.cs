using SchemaStream.Broker.Coordination.Commands;
using SchemaStream.Broker.Coordination.Transactions.Commands;
using SchemaStream.Broker.Coordination.Transactions.Records;
using SchemaStream.Protocol;

namespace SchemaStream.Broker.Coordination.Transactions;

/// <summary>
/// The transactional ids of one <c>__transaction_state</c> partition.
/// <para>
/// The driver's loop is that of <see cref="GroupShard"/>: decide, which changes nothing; append all or none;
/// <see cref="Accept"/>; timers; replies once everything appended so far is committed. Markers as well: what was decided
/// and is not committed could still be undone by another leader, and a marker cannot.
/// </para>
/// <para>
/// The time given in must never go back, as deadlines hang on it, and be near the wall clock, as it is kept in the log.
/// </para>
/// </summary>
public sealed class TransactionShard(TransactionShardOptions options)
{
    /// <summary>
    /// Ids in one decision of a timer. They make one batch, which has to fit into a log; what is left has its turn at once.
    /// </summary>
    private const int MaxIdsPerTurn = 200;

    /// <summary>Partitions of transactions that are aborted in one decision, for the same reason; one is always taken.</summary>
    private const int MaxPartitionsPerTurn = 2000;

    private readonly Dictionary<string, TransactionMetadata> _ids = new(StringComparer.Ordinal);
    private readonly HashSet<string> _ongoing = new(StringComparer.Ordinal);
    private long _timeoutsDueMs = long.MaxValue;
    private long _version;

    /// <summary>What the records add up to; for tests.</summary>
    internal IReadOnlyDictionary<string, TransactionMetadata> Ids => _ids;

    /// <summary>Takes a record of the log in; only before <see cref="CompleteLoading"/>. Later ones come by <see cref="Accept"/>.</summary>
    public void Replay(TransactionRecord record)
    {
        if (record.Value is { } value)
        {
            _ids[record.TransactionalId] = value;
        }
        else
        {
            _ids.Remove(record.TransactionalId);
        }

        if (record.Value?.State == TransactionState.Ongoing)
        {
            _ongoing.Add(record.TransactionalId);
        }
        else
        {
            _ongoing.Remove(record.TransactionalId);
        }
    }

    /// <summary>All records of the log are in: what was decided gets its markers, whoever has written some already.</summary>
    public TransactionDecision CompleteLoading(long nowMs)
    {
        var effects = new List<TransactionEffect>();
        foreach (var (id, prepared) in _ids.Where(pair => pair.Value.IsPrepared).OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            effects.Add(MarkersOf(id, prepared));
        }

        if (NextTimeout() is var due && due != long.MaxValue)
        {
            effects.Add(new ScheduleTransactionTimer(TransactionTimer.Timeouts, due));
        }

        effects.Add(NextIdExpiry(nowMs));
        return Decision([], effects);
    }

    /// <summary>Says what the command leads to. The reply is an effect that names the token.</summary>
    public TransactionDecision Decide(TransactionCommand command, RequestToken token, long nowMs)
    {
        switch (command)
        {
            case InitProducerIdCommand init:
                var given = ProducerIdInitialization.Decide(Find(init.TransactionalId), init, options, nowMs);
                return Decision(init.TransactionalId, given.Next, token, given.Reply, nowMs);
            case AddPartitionsCommand add:
                var added = PartitionRegistering.Decide(Find(add.TransactionalId), add, nowMs);
                return Decision(add.TransactionalId, added.Next, token, added.Reply, nowMs);
            case EndTransactionCommand end:
                var ended = TransactionEnding.Decide(Find(end.TransactionalId), end, nowMs);
                return Decision(end.TransactionalId, ended.Next, token, ended.Reply, nowMs);
            case CompleteTransactionCommand complete:
                return Complete(complete, token, nowMs);
            case DescribeTransactionCommand describe:
                var described = TransactionInspection.Describe(Find(describe.TransactionalId), describe);
                return Decision([], [new SendTransactionReply(token, described)]);
            case ListTransactionsCommand list:
                return Decision([], [new SendTransactionReply(token, TransactionInspection.List(_ids, list, nowMs))]);
            default:
                throw new ArgumentException($"{command.GetType().Name} is not a command of a transaction shard.", nameof(command));
        }
    }

    /// <summary>A timer's deadline has come. Firing early or twice does no harm.</summary>
    public TransactionDecision Expire(TransactionTimer timer, long nowMs) =>
        timer == TransactionTimer.Timeouts ? AbortTimedOut(nowMs) : ForgetUnused(nowMs);

    /// <summary>The decision's records are in the log: they take effect.</summary>
    public void Accept(TransactionDecision decision)
    {
        Invariant.That(decision.Basis == _version, "a decision is accepted before the next one is made");
        if (decision.Records.Count > 0)
        {
            _version++;
        }

        foreach (var record in decision.Records)
        {
            Replay(record);
        }

        foreach (var effect in decision.Effects)
        {
            if (effect is ScheduleTransactionTimer { Timer: TransactionTimer.Timeouts } timer)
            {
                _timeoutsDueMs = timer.DeadlineMs;
            }
        }
    }

    private static WriteMarkers MarkersOf(string id, TransactionMetadata prepared) => new(
        id,
        prepared.ProducerId,
        prepared.ProducerEpoch,
        prepared.State == TransactionState.PrepareCommit,
        prepared.ClientTransactionVersion,
        prepared.Partitions);

    private TransactionMetadata? Find(string transactionalId) => _ids.GetValueOrDefault(transactionalId);

    private TransactionDecision Complete(CompleteTransactionCommand command, RequestToken token, long nowMs)
    {
        var next = Find(command.TransactionalId) is { IsPrepared: true } prepared
            && prepared.ProducerId == command.ProducerId && prepared.ProducerEpoch == command.ProducerEpoch
            ? prepared.Complete(nowMs)
            : null;
        var reply = command.Refused(next is null ? ErrorCode.InvalidTxnState : ErrorCode.None);
        return Decision(command.TransactionalId, next, token, reply, nowMs);
    }

    private TransactionDecision Decision(
        string id, TransactionMetadata? next, RequestToken token, TransactionReply reply, long nowMs)
    {
        var answer = new SendTransactionReply(token, reply);
        if (next is null)
        {
            return Decision([], [answer]);
        }

        var effects = new List<TransactionEffect>(2) { answer };
        if (next.IsPrepared)
        {
            effects.Add(MarkersOf(id, next));
        }
        else if (next.State == TransactionState.Ongoing && next.DeadlineMs < _timeoutsDueMs)
        {
            effects.Add(new ScheduleTransactionTimer(TransactionTimer.Timeouts, Math.Max(next.DeadlineMs, nowMs)));
        }

        return Decision([new TransactionRecord(id, next)], effects);
    }

    private TransactionDecision AbortTimedOut(long nowMs)
    {
        var (records, effects) = (new List<TransactionRecord>(), new List<TransactionEffect>());
        var (partitions, next) = (0, long.MaxValue);
        foreach (var id in _ongoing.Order(StringComparer.Ordinal))
        {
            var transaction = _ids[id];
            var isFull = records.Count >= MaxIdsPerTurn
                || (records.Count > 0 && partitions + transaction.Partitions.Count > MaxPartitionsPerTurn);
            if (transaction.DeadlineMs > nowMs || isFull)
            {
                next = Math.Min(next, Math.Max(transaction.DeadlineMs, nowMs));
                continue;
            }

            var aborted = transaction.Fence(nowMs);
            partitions += transaction.Partitions.Count;
            records.Add(new TransactionRecord(id, aborted));
            effects.Add(MarkersOf(id, aborted));
            effects.Add(new TransactionReport(
                id, $"aborted after {transaction.TransactionTimeoutMs} ms; producer {transaction.ProducerId} is fenced"));
        }

        // Also when nothing is left, so that the next transaction sets the timer again.
        effects.Add(new ScheduleTransactionTimer(TransactionTimer.Timeouts, next));
        return Decision(records, effects);
    }

    private TransactionDecision ForgetUnused(long nowMs)
    {
        var unusedSinceMs = nowMs - (long)options.IdExpiration.TotalMilliseconds;
        var forgotten = _ids
            .Where(pair => pair.Value.LastUpdateTimestampMs <= unusedSinceMs
                && (pair.Value.IsComplete || pair.Value.State == TransactionState.Empty))
            .Select(pair => pair.Key).Order(StringComparer.Ordinal).Take(MaxIdsPerTurn + 1).ToList();
        var isMore = forgotten.Count > MaxIdsPerTurn;
        return Decision(
            [.. forgotten.Take(MaxIdsPerTurn).Select(id => new TransactionRecord(id, null))],
            [isMore ? new ScheduleTransactionTimer(TransactionTimer.IdExpiry, nowMs) : NextIdExpiry(nowMs)]);
    }

    private ScheduleTransactionTimer NextIdExpiry(long nowMs) =>
        new(TransactionTimer.IdExpiry, nowMs + (long)options.IdExpiryInterval.TotalMilliseconds);

    private long NextTimeout() => _ongoing.Count == 0 ? long.MaxValue : _ongoing.Min(id => _ids[id].DeadlineMs);

    private TransactionDecision Decision(IReadOnlyList<TransactionRecord> records, IReadOnlyList<TransactionEffect> effects) =>
        new(records, effects, _version);
}

using SchemaStream.Broker.Coordination.Commands;
using SchemaStream.Broker.Coordination.Transactions;
using SchemaStream.Broker.Coordination.Transactions.Commands;
using SchemaStream.Broker.Coordination.Transactions.Records;
using SchemaStream.Protocol;

namespace SchemaStream.Broker.Coordination.Tests.Transactions;

/// <summary>How the append that a decision needs goes.</summary>
internal enum AppendFate
{
    Committed,

    /// <summary>Refused: as though the decision had never been made.</summary>
    Refused,

    /// <summary>Committed, but the coordinator dies before it can tell anyone.</summary>
    CommittedThenCrash,

    /// <summary>Appended here and nowhere else when the coordinator dies: the next one does not have it.</summary>
    LostInCrash,
}

/// <summary>
/// What Runtime does with a shard, with a list for a log and a number for a clock. Records go through their form on disk.
/// Markers wait until a test lets them be written.
/// </summary>
internal sealed class TransactionDriver
{
    private readonly TransactionShardOptions _options;
    private readonly Dictionary<TransactionTimer, long> _timers = [];
    private TransactionShard _shard;
    private long _lastToken;
    private long _lastProducerId = 1000;

    public TransactionDriver(TransactionShardOptions? options = null, long nowMs = 1_000_000)
    {
        _options = options ?? new TransactionShardOptions();
        NowMs = nowMs;
        _shard = new TransactionShard(_options);
        Apply(_shard.CompleteLoading(nowMs));
    }

    public long NowMs { get; private set; }

    public List<EncodedTransactionRecord> Log { get; } = [];

    /// <summary>Decided, and not all written yet.</summary>
    public List<WriteMarkers> Markers { get; } = [];

    public List<string> Reports { get; } = [];

    public IReadOnlyDictionary<TransactionTimer, long> Timers => _timers;

    public TransactionMetadata? Find(string id) => _shard.Ids.GetValueOrDefault(id);

    public IReadOnlyDictionary<string, TransactionMetadata> Ids => _shard.Ids;

    /// <summary>Sends a command; null where its reply got lost.</summary>
    public TReply? TryAsk<TReply>(TransactionCommand<TReply> command, AppendFate fate)
        where TReply : TransactionReply
    {
        TransactionCommand asked = command;
        while (true)
        {
            var decision = _shard.Decide(asked, new RequestToken(++_lastToken), NowMs);
            var reply = decision.Effects.OfType<SendTransactionReply>().ShouldHaveSingleItem().Reply.ShouldBeOfType<TReply>();
            if (reply.NeedsProducerId)
            {
                decision.Records.ShouldBeEmpty();
                asked = command.WithProducerId(++_lastProducerId);
                continue;
            }

            if (decision.Records.Count == 0)
            {
                fate = fate is AppendFate.Refused or AppendFate.LostInCrash ? AppendFate.Committed : fate;
            }

            switch (fate)
            {
                case AppendFate.Refused:
                    return (TReply)TransactionAppendFailure.Answer(command, ErrorCode.NotEnoughReplicas);
                case AppendFate.LostInCrash:
                    // It takes effect here, for a moment, and nobody is told.
                    _shard.Accept(decision);
                    Restart();
                    return null;
                case AppendFate.CommittedThenCrash:
                    Log.AddRange(decision.Records.Select(TransactionRecordFormat.Encode));
                    Restart();
                    return null;
                default:
                    Apply(decision);
                    return reply;
            }
        }
    }

    public TReply Ask<TReply>(TransactionCommand<TReply> command)
        where TReply : TransactionReply => TryAsk(command, AppendFate.Committed)!;

    public InitProducerIdReply Init(string id, long producerId = -1, short epoch = -1, int timeoutMs = 60_000) =>
        Ask(new InitProducerIdCommand(id, TimeSpan.FromMilliseconds(timeoutMs)) { ProducerId = producerId, ProducerEpoch = epoch });

    public ErrorCode Add(string id, long producerId, short epoch, string topic, PartitionRegistrationMode mode = PartitionRegistrationMode.Add) =>
        Ask(new AddPartitionsCommand(id, producerId, epoch, [new TopicPartitionName(topic, 0)], mode)).Errors[0];

    public EndTransactionReply End(string id, long producerId, short epoch, bool commit, bool bump = false) =>
        Ask(new EndTransactionCommand(id, producerId, epoch, commit) { BumpsEpoch = bump });

    /// <summary>Every marker that waits is written, and the shard is told.</summary>
    public void WriteMarkers()
    {
        while (Markers.Count > 0)
        {
            var write = Markers[0];
            Markers.RemoveAt(0);
            Ask(new CompleteTransactionCommand(write.TransactionalId, write.ProducerId, write.ProducerEpoch))
                .ErrorCode.ShouldBe(ErrorCode.None);
        }
    }

    /// <summary>Lets the time pass, with every timer on the way.</summary>
    public void Advance(TimeSpan time)
    {
        var until = NowMs + (long)time.TotalMilliseconds;
        while (_timers.Count > 0 && _timers.MinBy(timer => timer.Value) is var next && next.Value <= until)
        {
            _timers.Remove(next.Key);
            NowMs = Math.Max(NowMs, next.Value);
            Apply(_shard.Expire(next.Key, NowMs));
        }

        NowMs = until;
    }

    /// <summary>The coordinator dies and another takes the log up.</summary>
    public void Restart()
    {
        _timers.Clear();
        Markers.Clear();
        _shard = Replayed();
        Apply(_shard.CompleteLoading(NowMs));
    }

    /// <summary>What the log alone adds up to.</summary>
    public TransactionShard Replayed()
    {
        var shard = new TransactionShard(_options);
        foreach (var encoded in Log)
        {
            TransactionRecordFormat.TryDecode(encoded.Key, encoded.Value, out var record, out var skipped).ShouldBeTrue(skipped);
            shard.Replay(record!);
        }

        return shard;
    }

    /// <summary>Puts a state into the log as though it had come about before, and starts anew.</summary>
    public void Seed(string id, TransactionMetadata state)
    {
        Log.Add(TransactionRecordFormat.Encode(new TransactionRecord(id, state)));
        Restart();
    }

    private void Apply(TransactionDecision decision)
    {
        Log.AddRange(decision.Records.Select(TransactionRecordFormat.Encode));
        _shard.Accept(decision);
        foreach (var effect in decision.Effects)
        {
            switch (effect)
            {
                case WriteMarkers write:
                    Markers.Add(write);
                    break;
                case ScheduleTransactionTimer { DeadlineMs: long.MaxValue } timer:
                    _timers.Remove(timer.Timer);
                    break;
                case ScheduleTransactionTimer timer:
                    _timers[timer.Timer] = timer.DeadlineMs;
                    break;
                case TransactionReport report:
                    Reports.Add($"{report.TransactionalId}: {report.Message}");
                    break;
            }
        }
    }
}

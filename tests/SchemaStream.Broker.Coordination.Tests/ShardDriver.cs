using SchemaStream.Broker.Coordination.Commands;
using SchemaStream.Broker.Coordination.Effects;
using SchemaStream.Broker.Coordination.Records;
using SchemaStream.Broker.Coordination.Topics;
using SchemaStream.Protocol;

namespace SchemaStream.Broker.Coordination.Tests;

/// <summary>
/// What Runtime does with a shard, with a list for a log and a number for a clock. Records go through their form on
/// disk, and every reply must name a request that waits.
/// </summary>
internal sealed class ShardDriver
{
    private readonly Dictionary<GroupTimerKey, long> _timers = [];
    private readonly Dictionary<RequestToken, GroupCommand> _waiting = [];
    private readonly GroupShardOptions _options;
    private readonly List<Transactional> _transactional;
    private long _lastToken;

    public ShardDriver(
        GroupShardOptions? options = null,
        IEnumerable<EncodedGroupRecord>? log = null,
        long nowMs = 0,
        IGroupTopics? topics = null,
        Func<string, ConsumerGroupConfig>? configOf = null)
        : this(options, log, nowMs, topics, configOf ?? (_ => default), [])
    {
    }

    private ShardDriver(
        GroupShardOptions? options,
        IEnumerable<EncodedGroupRecord>? log,
        long nowMs,
        IGroupTopics? topics,
        Func<string, ConsumerGroupConfig> configOf,
        IEnumerable<Transactional> transactional)
    {
        _options = options ?? new GroupShardOptions();
        _transactional = [.. transactional];
        NowMs = nowMs;
        Shard = new GroupShard(_options) { Topics = topics ?? TestTopics.None, ConfigOf = configOf };
        foreach (var record in log ?? [])
        {
            ReplayMarkers();
            Shard.Replay(Decode(record) switch
            {
                OffsetCommitRecord { Value: { } offset } commit when ProducerAt(Log.Count) is { } producerId =>
                    new PendingOffsetRecord(commit.GroupId, commit.Topic, commit.Partition, offset, producerId),
                var decoded => decoded,
            });
            Log.Add(record);
        }

        ReplayMarkers();
        Apply(Shard.CompleteLoading(nowMs));
    }

    public GroupShard Shard { get; }

    public IGroupTopics Topics
    {
        get => Shard.Topics;
        set => Shard.Topics = value;
    }

    public long LastToken => _lastToken;

    public long NowMs { get; private set; }

    public List<EncodedGroupRecord> Log { get; } = [];

    /// <summary>The most records that one timer has led to.</summary>
    public int LargestTurn { get; private set; }

    public Dictionary<RequestToken, GroupReply> Replies { get; } = [];

    public List<string> Reports { get; } = [];

    public IReadOnlyDictionary<RequestToken, GroupCommand> Waiting => _waiting;

    /// <summary>When set, appends fail with it.</summary>
    public ErrorCode AppendError { get; set; }

    /// <summary>Everything that was put out since the last call, in order.</summary>
    public event Action<GroupEffect>? Effect;

    public RequestToken Send(GroupCommand command)
    {
        var token = new RequestToken(++_lastToken);
        _waiting.Add(token, command);
        var decision = Shard.Decide(command, token, NowMs);
        if (decision.Records.Count > 0 && AppendError != ErrorCode.None)
        {
            Take(new SendReply(token, AppendFailure.Answer(command, AppendError)));
        }
        else
        {
            Apply(decision);
        }

        return token;
    }

    /// <summary>Sends a command whose reply must come at once.</summary>
    public TReply Ask<TReply>(GroupCommand<TReply> command)
        where TReply : GroupReply => ReplyTo<TReply>(Send(command));

    public TReply ReplyTo<TReply>(RequestToken token)
        where TReply : GroupReply =>
        Replies.TryGetValue(token, out var reply)
            ? reply.ShouldBeOfType<TReply>()
            : throw new InvalidOperationException($"{_waiting[token]} has no reply yet");

    public bool IsWaiting(RequestToken token) => _waiting.ContainsKey(token);

    /// <summary>Lets the time pass, with every timer on the way.</summary>
    public void Advance(TimeSpan time)
    {
        var until = NowMs + (long)time.TotalMilliseconds;
        while (_timers.Count > 0 && _timers.MinBy(timer => (timer.Value, timer.Key.ToString())) is var next && next.Value <= until)
        {
            _timers.Remove(next.Key);
            NowMs = Math.Max(NowMs, next.Value);
            var decision = Shard.Expire(next.Key, NowMs);
            LargestTurn = Math.Max(LargestTurn, decision.Records.Count);
            if (decision.Records.Count > 0 && AppendError != ErrorCode.None)
            {
                _timers[next.Key] = NowMs + 1000;
            }
            else
            {
                Apply(decision);
            }
        }

        NowMs = until;
    }

    /// <summary>The broker's process ends and another takes the log up.</summary>
    public ShardDriver Restart() => new(_options, Log, NowMs, Shard.Topics, Shard.ConfigOf, _transactional) { _lastToken = _lastToken };

    /// <summary>The marker of a transaction comes to the log.</summary>
    public void EndTransaction(long producerId, bool commit)
    {
        _transactional.Add(new Transactional(Log.Count, producerId, commit));
        Shard.EndTransaction(producerId, commit);
    }

    public void Apply(GroupDecision decision)
    {
        if (decision.Transaction is { } transaction)
        {
            _transactional.AddRange(decision.Records.Select((_, i) => new Transactional(Log.Count + i, transaction.ProducerId, null)));
        }

        // What is decoded is compared by its bytes, so encoding must give the same bytes again.
        Log.AddRange(decision.Records.Select(GroupRecordFormat.Encode));
        Shard.Accept(decision);
        foreach (var effect in decision.Effects)
        {
            Take(effect);
        }
    }

    private void Take(GroupEffect effect)
    {
        switch (effect)
        {
            case SendReply reply:
                _waiting.Remove(reply.Token).ShouldBeTrue($"{reply} is to a request that does not wait");
                Replies.Add(reply.Token, reply.Reply);
                break;
            case ScheduleTimer timer:
                _timers[timer.Key] = timer.DeadlineMs;
                break;
            case CancelTimer timer:
                _timers.Remove(timer.Key);
                break;
            case Report report:
                Reports.Add($"{report.GroupId}: {report.Message}");
                break;
            default:
                throw new InvalidOperationException(effect.ToString());
        }

        Effect?.Invoke(effect);
    }

    private static GroupRecord Decode(EncodedGroupRecord encoded)
    {
        GroupRecordFormat.TryDecode(encoded.Key, encoded.Value, out var record, out var skipped).ShouldBeTrue(skipped);
        return record!;
    }

    private long? ProducerAt(int position) =>
        _transactional.Where(each => each.Position == position && each.Ends is null).Select(each => (long?)each.ProducerId).FirstOrDefault();

    private void ReplayMarkers()
    {
        foreach (var marker in _transactional.Where(each => each.Position == Log.Count && each.Ends is not null))
        {
            Shard.EndTransaction(marker.ProducerId, marker.Ends!.Value);
        }
    }

    /// <summary>That the record at a position of the log is of a transaction, or that a marker stands before it.</summary>
    private readonly record struct Transactional(int Position, long ProducerId, bool? Ends);
}

using System.Collections.Immutable;
using System.Globalization;
using Microsoft.Extensions.Logging;
using SchemaStream.Broker.Coordination;
using SchemaStream.Broker.Coordination.Commands;
using SchemaStream.Broker.Coordination.Effects;
using SchemaStream.Broker.Coordination.Records;
using SchemaStream.Broker.Coordination.Transactions;
using SchemaStream.Broker.Metadata.Configs;
using SchemaStream.Broker.Runtime.Access;
using SchemaStream.Broker.Runtime.Coordinators;
using SchemaStream.Broker.Runtime.Logs;
using SchemaStream.Broker.Runtime.Partitions;
using SchemaStream.Protocol;
using SchemaStream.Protocol.Records;

namespace SchemaStream.Broker.Runtime.Groups;

/// <summary>Runs the group shard of one <c>__consumer_offsets</c> partition.</summary>
internal sealed partial class GroupShardHost(
    HostedPartition partition, IMetadataAccess metadata, GroupShardOptions options, TimeSpan commitTimeout, ILogger logger)
    : CoordinatorShardHost<GroupShard, GroupDecision, GroupTimerKey>(partition, commitTimeout, logger)
{
    private readonly RecordBatchBuilder _builder = new();
    private readonly ILogger _logger = logger;
    private ImageTopics _topics = new(metadata.Image);

    public override string Name => $"The groups of {Partition.Name}";

    /// <summary>A commit within a transaction waits until that is confirmed, as a producer's first records do.</summary>
    public override void Take(ICoordinatorRequest request)
    {
        if (IsServing
            && request.Command is OffsetCommitCommand { Transaction: { } transaction }
            && Partition.Verifications is { } verifications
            && verifications.IsNeeded(transaction.ProducerId, transaction.ProducerEpoch, transaction.Support))
        {
            verifications.Begin(
                new TransactionClaim(
                    transaction.TransactionalId,
                    transaction.ProducerId,
                    transaction.ProducerEpoch,
                    RecordBatchHeader.NoSequence,
                    transaction.Support),
                new VerifiedCommit(this, request, transaction.Support));
            return;
        }

        base.Take(request);
    }

    protected override GroupShard CreateShard() => new(options) { ConfigOf = ConfigOf };

    protected override string? Replay(GroupShard shard, in LogRecord record)
    {
        if (record.Key is not { } key)
        {
            return "it has no key";
        }

        if (!GroupRecordFormat.TryDecode(key, record.Value, out var decoded, out var skipped))
        {
            return skipped;
        }

        shard.Replay(record.ProducerId >= 0 && decoded is OffsetCommitRecord { Value: { } offset } commit
            ? new PendingOffsetRecord(commit.GroupId, commit.Topic, commit.Partition, offset, record.ProducerId)
            : decoded);
        return null;
    }

    protected override void EndTransaction(GroupShard shard, long producerId, bool commit) =>
        shard.EndTransaction(producerId, commit);

    protected override GroupDecision CompleteLoading(GroupShard shard, long nowMs) => shard.CompleteLoading(nowMs);

    protected override GroupDecision Decide(GroupShard shard, CoordinatorCommand command, RequestToken token, long nowMs)
    {
        shard.Topics = _topics = _topics.Of(metadata.Image);
        return shard.Decide((GroupCommand)command, token, nowMs);
    }

    protected override GroupDecision Expire(GroupShard shard, GroupTimerKey key, long nowMs)
    {
        shard.Topics = _topics = _topics.Of(metadata.Image);
        return shard.Expire(key, nowMs);
    }

    protected override void Accept(GroupShard shard, GroupDecision decision) => shard.Accept(decision);

    protected override Memory<byte> Build(GroupDecision decision, long nowMs)
    {
        if (decision.Records.Count == 0)
        {
            return default;
        }

        var builder = _builder;
        if (decision.Transaction is { } transaction)
        {
            builder = new RecordBatchBuilder
            {
                ProducerId = transaction.ProducerId,
                ProducerEpoch = transaction.ProducerEpoch,
                BaseSequence = 0,
                IsTransactional = true,
            };
        }

        builder.Reset();
        foreach (var record in decision.Records)
        {
            var encoded = GroupRecordFormat.Encode(record);
            builder.Add(nowMs, encoded.Key, encoded.Value);
        }

        return builder.Build();
    }

    protected override void CarryOut(GroupDecision decision)
    {
        foreach (var effect in decision.Effects)
        {
            switch (effect)
            {
                case SendReply reply:
                    Reply(reply.Token, reply.Reply);
                    break;
                case ScheduleTimer timer:
                    Arm(timer.Key, timer.DeadlineMs);
                    break;
                case CancelTimer timer:
                    Cancel(timer.Key);
                    break;
                case Report report:
                    GroupChanged(report.GroupId, report.Message);
                    break;
            }
        }
    }

    protected override CoordinatorReply AppendFailed(CoordinatorCommand command, ErrorCode error) =>
        AppendFailure.Answer((GroupCommand)command, error);

    protected override void OnGivenUp(GroupShard? shard)
    {
        foreach (var effect in shard?.Unload(ErrorCode.NotCoordinator).Effects ?? [])
        {
            if (effect is SendReply reply)
            {
                Reply(reply.Token, reply.Reply);
            }
        }
    }

    private void TakeVerified(ICoordinatorRequest request) => base.Take(request);

    private sealed class VerifiedCommit(GroupShardHost host, ICoordinatorRequest request, TransactionSupport support) : IVerifiedWrite
    {
        public void Verified(ErrorCode error)
        {
            if (error == ErrorCode.None)
            {
                host.TakeVerified(request);
            }
            else
            {
                request.Reply(request.Command.Refused(ErrorOf(error)));
            }
        }

        public void Failed(Exception cause) => request.Reply(request.Command.Refused(ErrorCode.NotCoordinator));

        private ErrorCode ErrorOf(ErrorCode error) => error switch
        {
            // Producers come again for these without looking for another coordinator of the group, which is not at fault.
            ErrorCode.CoordinatorNotAvailable
                or ErrorCode.NotCoordinator
                or ErrorCode.NetworkException
                or ErrorCode.RequestTimedOut
                or ErrorCode.ConcurrentTransactions => ErrorCode.CoordinatorLoadInProgress,
            ErrorCode.NotLeaderOrFollower or ErrorCode.KafkaStorageError => ErrorCode.NotCoordinator,
            ErrorCode.ProducerFenced => ErrorCode.InvalidProducerEpoch,
            ErrorCode.TransactionAbortable when support == TransactionSupport.Default => ErrorCode.InvalidTxnState,
            _ => error,
        };
    }

    /// <summary>As of the newest image. What is not a number there is not there: the controller lets none in.</summary>
    private ConsumerGroupConfig ConfigOf(string groupId) =>
        metadata.Image.GroupConfigs.TryGetValue(groupId, out var configs)
            ? new ConsumerGroupConfig(
                Time(configs, GroupConfigDefinitions.ConsumerSessionTimeoutMs),
                Time(configs, GroupConfigDefinitions.ConsumerHeartbeatIntervalMs))
            : default;

    private static TimeSpan? Time(ImmutableSortedDictionary<string, string> configs, string name) =>
        configs.TryGetValue(name, out var text) && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var milliseconds)
            ? TimeSpan.FromMilliseconds(milliseconds)
            : null;

    [LoggerMessage(EventId = 1301, Level = LogLevel.Information, Message = "Group {Group}: {What}")]
    private partial void GroupChanged(string group, string what);
}

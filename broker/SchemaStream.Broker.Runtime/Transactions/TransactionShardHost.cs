using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;
using SchemaStream.Broker.Coordination.Commands;
using SchemaStream.Broker.Coordination.Transactions;
using SchemaStream.Broker.Coordination.Transactions.Commands;
using SchemaStream.Broker.Coordination.Transactions.Records;
using SchemaStream.Broker.Runtime.Access;
using SchemaStream.Broker.Runtime.Coordinators;
using SchemaStream.Broker.Runtime.Lanes;
using SchemaStream.Broker.Runtime.Logs;
using SchemaStream.Broker.Runtime.Partitions;
using SchemaStream.Protocol;
using SchemaStream.Protocol.Records;

namespace SchemaStream.Broker.Runtime.Transactions;

/// <summary>
/// Runs the transaction shard of one <c>__transaction_state</c> partition. Markers are written beside the lane, once the
/// decision is committed; that they are is one more command to the shard.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "Disposed when the leadership is over that it ends with.")]
internal sealed partial class TransactionShardHost(
    HostedPartition partition, TransactionOptions options, MarkerWriter markers, TimeProvider timeProvider, ILogger logger)
    : CoordinatorShardHost<TransactionShard, TransactionDecision, TransactionTimer>(partition, options.CommitTimeout, logger)
{
    /// <summary>Between attempts to have it kept that a transaction is complete, while its log takes no records.</summary>
    private static readonly TimeSpan CompletionPause = TimeSpan.FromMilliseconds(200);

    private readonly RecordBatchBuilder _builder = new();
    private readonly ILogger _logger = logger;
    private CancellationTokenSource? _leading;

    public override string Name => $"The transactions of {Partition.Name}";

    protected override TransactionShard CreateShard() => new(options.Shards);

    protected override string? Replay(TransactionShard shard, in LogRecord record)
    {
        if (record.Key is not { } key)
        {
            return "it has no key";
        }

        if (!TransactionRecordFormat.TryDecode(key, record.Value, out var decoded, out var skipped))
        {
            return skipped;
        }

        shard.Replay(decoded);
        return null;
    }

    protected override TransactionDecision CompleteLoading(TransactionShard shard, long nowMs)
    {
        _leading = new CancellationTokenSource();
        return shard.CompleteLoading(nowMs);
    }

    protected override TransactionDecision Decide(TransactionShard shard, CoordinatorCommand command, RequestToken token, long nowMs) =>
        shard.Decide((TransactionCommand)command, token, nowMs);

    protected override TransactionDecision Expire(TransactionShard shard, TransactionTimer key, long nowMs) => shard.Expire(key, nowMs);

    protected override void Accept(TransactionShard shard, TransactionDecision decision) => shard.Accept(decision);

    protected override Memory<byte> Build(TransactionDecision decision, long nowMs)
    {
        if (decision.Records.Count == 0)
        {
            return default;
        }

        _builder.Reset();
        foreach (var record in decision.Records)
        {
            var encoded = TransactionRecordFormat.Encode(record);
            _builder.Add(nowMs, encoded.Key, encoded.Value);
        }

        return _builder.Build();
    }

    protected override void CarryOut(TransactionDecision decision)
    {
        foreach (var effect in decision.Effects)
        {
            switch (effect)
            {
                case SendTransactionReply reply:
                    Reply(reply.Token, reply.Reply);
                    break;
                case WriteMarkers write:
                    OnceCommitted(() => Begin(write));
                    break;
                case ScheduleTransactionTimer { DeadlineMs: long.MaxValue } timer:
                    Cancel(timer.Timer);
                    break;
                case ScheduleTransactionTimer timer:
                    Arm(timer.Timer, timer.DeadlineMs);
                    break;
                case TransactionReport report:
                    TransactionChanged(report.TransactionalId, report.Message);
                    break;
            }
        }
    }

    protected override CoordinatorReply AppendFailed(CoordinatorCommand command, ErrorCode error) =>
        TransactionAppendFailure.Answer((TransactionCommand)command, error);

    protected override void OnGivenUp(TransactionShard? shard)
    {
        if (_leading is { } leading)
        {
            _leading = null;

            // Not on the lane: whoever waits for a marker goes on running where this is called.
            _ = leading.CancelAsync().ContinueWith(_ => leading.Dispose(), TaskScheduler.Default);
        }
    }

    private void Begin(WriteMarkers write)
    {
        if (_leading is { } leading)
        {
            var marker = new TransactionMarker(
                write.ProducerId, write.ProducerEpoch, LeaderEpoch, write.Commit, write.TransactionVersion);
            var stopping = leading.Token;
            _ = Lane.RunBesideAsync(this, () => EndAsync(write, marker, stopping));
        }
    }

    private async Task EndAsync(WriteMarkers write, TransactionMarker marker, CancellationToken stopping)
    {
        try
        {
            if (!await markers.WriteAsync(write.TransactionalId, marker, write.Partitions, stopping).ConfigureAwait(false))
            {
                return;
            }

            var complete = new CompleteTransactionCommand(write.TransactionalId, write.ProducerId, write.ProducerEpoch);
            while (true)
            {
                var reply = await Lane.RunAsync(new CoordinatorOperation<CompleteTransactionReply>(this, complete)).ConfigureAwait(false);
                if (reply.ErrorCode is ErrorCode.None or ErrorCode.InvalidTxnState)
                {
                    // Done; or done already, by an attempt whose answer was late.
                    return;
                }

                // Too few in sync, or a disk that is full. That another broker leads now ends the waiting.
                await Task.Delay(CompletionPause, timeProvider, stopping).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The next leader goes on where this one was.
        }
    }

    [LoggerMessage(EventId = 1455, Level = LogLevel.Information, Message = "Transaction of {TransactionalId}: {What}")]
    private partial void TransactionChanged(string transactionalId, string what);
}

using Microsoft.Extensions.Logging;
using SchemaStream.Broker.Replication;
using SchemaStream.Broker.Runtime.Access;
using SchemaStream.Broker.Runtime.Batches;
using SchemaStream.Broker.Runtime.Fetches;
using SchemaStream.Broker.Runtime.Lanes;
using SchemaStream.Broker.Runtime.Observation;
using SchemaStream.Broker.Runtime.Replicas;
using SchemaStream.Protocol;
using SchemaStream.Protocol.Records;

namespace SchemaStream.Broker.Runtime.Partitions;

/// <summary>The handlers' door to the partitions: finds the lane, posts, and reads bytes where no lane has to.</summary>
internal sealed partial class PartitionAccess : IPartitionAccess
{
    private readonly HostedPartitions _directory;
    private readonly OperationPool<ProduceOperation> _produces = new(static pool => new ProduceOperation(pool));
    private readonly OperationPool<FetchOperation> _fetches;
    private readonly TimeProvider _timeProvider;
    private readonly int _fetchMaxBytes;
    private readonly ILogger _logger;
    private readonly LogBudget<string> _refusals;

    /// <param name="locations">Where the replicas are that consumers are sent to; null when they are to read from leaders.</param>
    /// <param name="quota">What followers may have of partitions that are throttled.</param>
    public PartitionAccess(
        HostedPartitions directory,
        int fetchMaxBytes,
        IReplicaLocations? locations,
        SharedQuota quota,
        TimeProvider timeProvider,
        ILogger logger)
    {
        _directory = directory;
        _fetchMaxBytes = fetchMaxBytes;
        _logger = logger;
        _timeProvider = timeProvider;
        _refusals = new LogBudget<string>(timeProvider);
        _fetches = new(pool => new FetchOperation(pool, directory.Lanes.Count, locations, quota, timeProvider));
    }

    public ValueTask<ProduceResult> ProduceAsync(
        TopicIdPartition partition, ReadOnlyMemory<byte> batches, ProduceOptions options)
    {
        if (!_directory.TryGet(partition, out var hosted))
        {
            return new(ProduceResult.Failed(_directory.WhyNotHere(partition, out _, out _)));
        }

        if (options.Acks is not (RequiredAcks.All or RequiredAcks.Leader or RequiredAcks.None))
        {
            return new(ProduceResult.Failed(ErrorCode.InvalidRequiredAcks));
        }

        if (InternalTopics.Contains(hosted.Topic))
        {
            return new(ProduceResult.Failed(
                ErrorCode.InvalidTopicException, $"The topic {hosted.Topic} is the broker's own; clients may only read it."));
        }

        if (options.TransactionalId is null && batches.Length >= RecordBatchHeader.Size
            && new RecordBatchHeader(batches.Span).IsTransactional)
        {
            return new(ProduceResult.Failed(
                ErrorCode.TransactionalIdAuthorizationFailed, "The record batch is transactional, and its producer names no transactional id."));
        }

        var nowMs = _timeProvider.GetUtcNow().ToUnixTimeMilliseconds();
        var verdict = ProducedBatch.Check(batches, hosted.Config, nowMs);
        if (verdict.Error != ErrorCode.None)
        {
            TellOfRefusal(hosted.Name, verdict.Error, verdict.Message);
            return new(ProduceResult.Failed(verdict.Error, verdict.Message) with { RecordErrors = verdict.RecordErrors });
        }

        var operation = _produces.Rent();
        operation.Prepare(hosted, verdict, options);
        return hosted.Lane.RunAsync(operation);
    }

    public ValueTask<FetchReadResult> FetchAsync(FetchQuery query, CancellationToken cancellationToken) =>
        _fetches.Rent().RunAsync(query, _directory, Math.Min(query.MaxBytes, _fetchMaxBytes), cancellationToken);

    public ValueTask<ListOffsetsResult> ListOffsetsAsync(
        TopicIdPartition partition, long timestampMs, IsolationLevel isolation, int currentLeaderEpoch, int replicaId)
    {
        if (!_directory.TryGet(partition, out var hosted))
        {
            return new(ListOffsetsResult.Failed(_directory.WhyNotHere(partition, out _, out _)));
        }

        return OffsetSearch.RunAsync(hosted, timestampMs, isolation, currentLeaderEpoch, replicaId);
    }

    public async ValueTask<OffsetForLeaderEpochResult> OffsetForLeaderEpochAsync(
        TopicIdPartition partition, int leaderEpoch, int currentLeaderEpoch)
    {
        if (!_directory.TryGet(partition, out var hosted))
        {
            return new OffsetForLeaderEpochResult(_directory.WhyNotHere(partition, out _, out _), -1, -1);
        }

        var found = await hosted.CallAsync(
            replica => replica.EndOffsetForLeaderEpoch(leaderEpoch, currentLeaderEpoch),
            error => OffsetLookup.Failed(error)).ConfigureAwait(false);
        return new OffsetForLeaderEpochResult(found.Error, found.LeaderEpoch, found.Offset);
    }

    public ValueTask<DescribeProducersResult> DescribeProducersAsync(TopicIdPartition partition)
    {
        if (!_directory.TryGet(partition, out var hosted))
        {
            return new(new DescribeProducersResult(_directory.WhyNotHere(partition, out _, out _), []));
        }

        return hosted.CallAsync(
            replica => replica.CheckLeader(currentLeaderEpoch: -1) is not ErrorCode.None and var error
                ? new DescribeProducersResult(error, [])
                : new DescribeProducersResult(
                    ErrorCode.None,
                    [.. hosted.Log!.DescribeProducers().Select(producer => new ProducerDescription(
                        producer.ProducerId,
                        producer.ProducerEpoch,
                        producer.LastSequence,
                        producer.LastTimestamp,
                        producer.CoordinatorEpoch,
                        producer.CurrentTransactionFirstOffset))]),
            error => new DescribeProducersResult(error, []));
    }

    public ValueTask<DeleteRecordsResult> DeleteRecordsAsync(TopicIdPartition partition, long offset)
    {
        if (!_directory.TryGet(partition, out var hosted))
        {
            return new(new DeleteRecordsResult(_directory.WhyNotHere(partition, out _, out _), -1));
        }

        if (hosted.Config is { CleanupCompact: true, CleanupDelete: false })
        {
            return new(new DeleteRecordsResult(ErrorCode.PolicyViolation, -1));
        }

        return hosted.CallAsync(
            replica =>
            {
                var error = replica.DeleteRecordsBefore(offset);
                return new DeleteRecordsResult(error, error == ErrorCode.None ? replica.LogStartOffset : -1);
            },
            error => new DeleteRecordsResult(error, -1));
    }

    /// <summary>A client that does not learn asks again at once, and for ever.</summary>
    private void TellOfRefusal(string partition, ErrorCode error, string? reason)
    {
        if (_refusals.MayWrite(partition, out var suppressed))
        {
            BatchRefused(partition, error, reason);
            if (suppressed > 0)
            {
                BatchesRefused(partition, suppressed);
            }
        }
    }

    [LoggerMessage(EventId = 1232, Level = LogLevel.Warning, Message = "{Count} further batches for {Partition} were refused before that one")]
    private partial void BatchesRefused(string partition, int count);

    [LoggerMessage(EventId = 1231, Level = LogLevel.Warning, Message = "A batch for {Partition} was refused with {Error}: {Reason}")]
    private partial void BatchRefused(string partition, ErrorCode error, string? reason);
}

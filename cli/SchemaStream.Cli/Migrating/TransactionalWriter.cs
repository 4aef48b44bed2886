using SchemaStream.Cli.Kafka;
using SchemaStream.Cli.Kafka.Connecting;
using SchemaStream.Cli.Kafka.Consuming;
using SchemaStream.Compression;
using SchemaStream.Protocol;
using SchemaStream.Protocol.Client;
using SchemaStream.Protocol.Client.Clusters;
using SchemaStream.Protocol.Messages;
using SchemaStream.Protocol.Records;

namespace SchemaStream.Cli.Migrating;

/// <summary>A record that is to be written as it is.</summary>
internal sealed record WrittenRecord(
    int Partition, long Timestamp, ReadOnlyMemory<byte>? Key, ReadOnlyMemory<byte>? Value, IReadOnlyList<Protocol.Records.RecordHeader> Headers)
{
    public int Size { get; } = 32 + (Key?.Length ?? 0) + (Value?.Length ?? 0) + Headers.Sum(header => header.Key.Length + (header.Value?.Length ?? 0) + 8);
}

/// <summary>Writes records to one topic and a group's offsets, both or neither: one transaction for each call.</summary>
/// <param name="cluster">The brokers.</param>
/// <param name="topic">Where records go.</param>
/// <param name="transactionalId">Who writes under the same id fences this one.</param>
/// <param name="group">Whose offsets are committed.</param>
internal sealed class TransactionalWriter(ToolCluster cluster, string topic, string transactionalId, string group)
{
    private const int BatchBytes = 512 * 1024;
    private const int TransactionTimeoutMs = 60_000;
    private const int ProduceTimeoutMs = 30_000;

    // Later versions speak to brokers alone, name topics by ids, or change the epoch with each transaction.
    private const short NewestAddPartitions = 3;
    private const short NewestAddOffsets = 3;
    private const short NewestOffsetCommit = 3;
    private const short NewestEnd = 4;
    private const short NewestInit = 4;
    private const short NewestProduce = 11;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    private readonly ClusterTopics _topics = new(cluster);
    private readonly Dictionary<int, int> _sequences = [];
    private long _producerId = -1;
    private short _epoch = -1;

    /// <summary>Takes over from whoever wrote under the same id before: what that left open is aborted.</summary>
    public async Task BeginAsync(CancellationToken cancellationToken)
    {
        var answer = await AskAsync(
            new InitProducerIdRequest { TransactionalId = transactionalId, TransactionTimeoutMs = TransactionTimeoutMs },
            NewestInit,
            answer => answer.ErrorCode,
            cancellationToken);
        (_producerId, _epoch) = (answer.ProducerId, answer.ProducerEpoch);
        _sequences.Clear();
    }

    /// <summary>Records and offsets, all of them or none.</summary>
    /// <exception cref="KafkaErrorException">Neither is there.</exception>
    public async Task WriteAsync(
        IReadOnlyList<WrittenRecord> records, IReadOnlyDictionary<Kafka.TopicPartition, CommittedOffset> offsets, CancellationToken cancellationToken)
    {
        try
        {
            if (records.Count > 0)
            {
                await AddPartitionsAsync([.. records.Select(record => record.Partition).Distinct()], cancellationToken);
                foreach (var partition in records.GroupBy(record => record.Partition))
                {
                    await ProduceAsync(partition.Key, [.. partition], cancellationToken);
                }
            }

            await AskAsync(
                new AddOffsetsToTxnRequest { TransactionalId = transactionalId, ProducerId = _producerId, ProducerEpoch = _epoch, GroupId = group },
                NewestAddOffsets,
                answer => answer.ErrorCode,
                cancellationToken);
            await CommitOffsetsAsync(offsets, cancellationToken);
        }
        catch (Exception failure) when (failure is KafkaErrorException or OperationCanceledException || KafkaCluster.IsPassing(failure))
        {
            await AbortAsync();
            throw;
        }

        await EndAsync(isCommitted: true, cancellationToken);
    }

    private async Task AbortAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        try
        {
            await EndAsync(isCommitted: false, limit.Token);
        }
        catch (Exception failure) when (failure is KafkaErrorException or OperationCanceledException || KafkaCluster.IsPassing(failure))
        {
            // The transaction's time-out aborts it, or the next run that begins does.
        }
    }

    private Task<EndTxnResponse> EndAsync(bool isCommitted, CancellationToken cancellationToken) => AskAsync(
        new EndTxnRequest { TransactionalId = transactionalId, ProducerId = _producerId, ProducerEpoch = _epoch, Committed = isCommitted },
        NewestEnd,
        answer => answer.ErrorCode,
        cancellationToken);

    private async Task AddPartitionsAsync(List<int> partitions, CancellationToken cancellationToken) => await AskAsync(
        new AddPartitionsToTxnRequest
        {
            V3AndBelowTransactionalId = transactionalId,
            V3AndBelowProducerId = _producerId,
            V3AndBelowProducerEpoch = _epoch,
            V3AndBelowTopics = [new() { Name = topic, Partitions = [.. partitions] }],
        },
        NewestAddPartitions,
        answer => answer.ResultsByTopicV3AndBelow.SelectMany(each => each.ResultsByPartition)
            .Select(each => each.PartitionErrorCode).FirstOrDefault(error => error != ErrorCode.None),
        cancellationToken);

    private async Task CommitOffsetsAsync(IReadOnlyDictionary<Kafka.TopicPartition, CommittedOffset> offsets, CancellationToken cancellationToken) =>
        await GroupOffsets.AskCoordinatorAsync(
            cluster,
            group,
            new TxnOffsetCommitRequest
            {
                TransactionalId = transactionalId,
                GroupId = group,
                ProducerId = _producerId,
                ProducerEpoch = _epoch,
                GenerationId = -1,
                MemberId = "",
                Topics = [.. offsets.GroupBy(each => each.Key.Topic).Select(each => new TxnOffsetCommitRequest.TxnOffsetCommitRequestTopic
                {
                    Name = each.Key,
                    Partitions = [.. each.Select(offset => new TxnOffsetCommitRequest.TxnOffsetCommitRequestPartition
                    {
                        PartitionIndex = offset.Key.Partition,
                        CommittedOffset = offset.Value.Offset,
                        CommittedLeaderEpoch = offset.Value.LeaderEpoch,
                        CommittedMetadata = offset.Value.Metadata,
                    })],
                })],
            },
            NewestOffsetCommit,
            answer => answer.Topics.SelectMany(each => each.Partitions).Select(each => each.ErrorCode).FirstOrDefault(error => error != ErrorCode.None),
            cancellationToken);

    private async Task ProduceAsync(int partition, List<WrittenRecord> records, CancellationToken cancellationToken)
    {
        for (var start = 0; start < records.Count;)
        {
            var (end, bytes) = (start, 0);
            while (end < records.Count && (end == start || bytes + records[end].Size <= BatchBytes))
            {
                bytes += records[end++].Size;
            }

            var sequence = _sequences.GetValueOrDefault(partition);
            var builder = new RecordBatchBuilder
            {
                ProducerId = _producerId,
                ProducerEpoch = _epoch,
                BaseSequence = sequence,
                IsTransactional = true,
                Compression = CompressionType.None,
                Compressor = RecordCompression.Compress,
            };
            for (var i = start; i < end; i++)
            {
                builder.Add(records[i].Timestamp, records[i].Key, records[i].Value, records[i].Headers);
            }

            await SendAsync(partition, builder.Build(), cancellationToken);
            _sequences[partition] = RecordBatchHeader.AddToSequence(sequence, end - start);
            start = end;
        }
    }

    /// <summary>The same bytes again where the answer did not come: their sequence keeps them from being written twice.</summary>
    private async Task SendAsync(int partition, byte[] batch, CancellationToken cancellationToken)
    {
        var where = new Kafka.TopicPartition(topic, partition);
        await RetryAsync(
            async () =>
            {
                var leader = await _topics.LeaderAsync(where, cancellationToken);
                KafkaErrorException.Require(leader < 0 ? ErrorCode.LeaderNotAvailable : ErrorCode.None, $"Partition {where}");
                var broker = await cluster.Brokers.BrokerAsync(leader, ConnectionUse.Shared, cancellationToken);
                var answer = await cluster.AskAsync(
                    broker,
                    new ProduceRequest
                    {
                        TransactionalId = transactionalId,
                        Acks = -1,
                        TimeoutMs = ProduceTimeoutMs,
                        TopicData = [new() { Name = topic, PartitionData = [new() { Index = partition, Records = batch }] }],
                    },
                    NewestProduce,
                    cancellationToken);
                var outcome = answer.Responses[0].PartitionResponses[0];
                return outcome.ErrorCode is ErrorCode.None or ErrorCode.DuplicateSequenceNumber
                    ? true
                    : throw KafkaErrors.Of(outcome.ErrorCode, outcome.ErrorMessage);
            },
            async () => await _topics.RefreshAsync([topic], cancellationToken),
            cancellationToken);
    }

    private async Task<TResponse> AskAsync<TResponse>(
        IRequestMessage<TResponse> request, short newest, Func<TResponse, ErrorCode> errorOf, CancellationToken cancellationToken)
        where TResponse : IResponseMessage, IApiMessage, new() =>
        await RetryAsync(
            async () =>
            {
                var coordinator = await cluster.Brokers.CoordinatorAsync(CoordinatorKind.Transaction, transactionalId, ConnectionUse.Shared, cancellationToken);
                var answer = await cluster.AskAsync(coordinator, request, newest, cancellationToken);
                var error = errorOf(answer);
                return error == ErrorCode.None ? answer : throw KafkaErrors.Of(error, null);
            },
            () => Task.CompletedTask,
            cancellationToken);

    private static async Task<T> RetryAsync<T>(Func<Task<T>> run, Func<Task> beforeAgain, CancellationToken cancellationToken)
    {
        var since = TimeProvider.System.GetTimestamp();
        while (true)
        {
            try
            {
                return await run();
            }
            catch (Exception passing) when (KafkaCluster.IsPassing(passing) && TimeProvider.System.GetElapsedTime(since) < Patience)
            {
                await Task.Delay(Pause, TimeProvider.System, cancellationToken);
            }

            await beforeAgain();
        }
    }
}

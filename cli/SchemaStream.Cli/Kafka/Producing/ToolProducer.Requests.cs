using SchemaStream.Protocol;
using SchemaStream.Protocol.Client;
using SchemaStream.Protocol.Client.Clusters;
using SchemaStream.Protocol.Messages;
using SchemaStream.Protocol.Records;

namespace SchemaStream.Cli.Kafka.Producing;

/// <content>Requests, and what becomes of their batches.</content>
internal sealed partial class ToolProducer
{
    private async Task StartIdempotenceAsync(CancellationToken cancellationToken)
    {
        if (!_settings.IsIdempotent || _producerId != RecordBatchHeader.NoProducerId || _settings.TransactionalId is not null)
        {
            return;
        }

        var answer = await _cluster.AskAnyAsync(
            new InitProducerIdRequest { TransactionalId = null, TransactionTimeoutMs = int.MaxValue }, cancellationToken);
        KafkaErrorException.Require(answer.ErrorCode, "A producer id");
        (_producerId, _producerEpoch) = (answer.ProducerId, answer.ProducerEpoch);
    }

    private async Task RequestAsync(int leader, List<KeyValuePair<TopicPartition, ProducerBatch>> batches)
    {
        var outcomes = new Dictionary<TopicPartition, Exception?>();
        try
        {
            var request = new ProduceRequest
            {
                TransactionalId = _settings.TransactionalId,
                Acks = _settings.Acks,
                TimeoutMs = _settings.RequestTimeoutMs,
                TopicData = [.. batches.GroupBy(each => each.Key.Topic).Select(topic => new ProduceRequest.TopicProduceData
                {
                    Name = topic.Key,
                    PartitionData = [.. topic.Select(each => new ProduceRequest.PartitionProduceData
                    {
                        Index = each.Key.Partition,
                        Records = each.Value.Build(_settings, _producerId, _producerEpoch, SequenceOf(each.Key)),
                    })],
                })],
            };
            var broker = await _cluster.Brokers.BrokerAsync(leader, ConnectionUse.Shared, _stop.Token);
            if (_settings.Acks == 0)
            {
                var version = await _cluster.VersionAsync<ProduceResponse>(broker, NewestByName, _stop.Token);
                await broker.SendWithoutResponseAsync(request, version, _stop.Token);
            }
            else
            {
                var answer = await _cluster.AskAsync(broker, request, NewestByName, _stop.Token);
                foreach (var (topic, partition) in answer.Responses.SelectMany(topic => topic.PartitionResponses.Select(each => (topic.Name, each))))
                {
                    outcomes[new TopicPartition(topic, partition.Index)] = partition.ErrorCode is ErrorCode.None or ErrorCode.DuplicateSequenceNumber
                        ? null
                        : KafkaErrors.Of(partition.ErrorCode, partition.ErrorMessage);
                }
            }
        }
        catch (Exception failure) when (IsExpected(failure) || failure is OperationCanceledException)
        {
            foreach (var (partition, _) in batches)
            {
                outcomes[partition] = failure;
            }
        }

        foreach (var (partition, batch) in batches)
        {
            await FinishAsync(partition, batch, outcomes.GetValueOrDefault(partition));
        }
    }

    private int SequenceOf(TopicPartition partition)
    {
        lock (_lock)
        {
            return _producerId == RecordBatchHeader.NoProducerId ? RecordBatchHeader.NoSequence : _queues[partition].NextSequence;
        }
    }

    private async Task FinishAsync(TopicPartition partition, ProducerBatch batch, Exception? failure)
    {
        var isAgain = failure is not null && KafkaCluster.IsPassing(failure) && batch.Tries < _settings.Retries
            && TimeProvider.System.GetElapsedTime(batch.CreatedAt) < _settings.DeliveryTimeout && !_stop.IsCancellationRequested;
        if (isAgain)
        {
            await RefreshAsync(partition.Topic);
        }
        else
        {
            batch.Complete(failure);
        }

        lock (_lock)
        {
            var queue = _queues[partition];
            queue.IsUnderWay = false;
            if (isAgain)
            {
                batch.Tries++;
                queue.NotBefore = TimeProvider.System.GetTimestamp()
                    + (long)(_settings.RetryBackoff.TotalSeconds * TimeProvider.System.TimestampFrequency);
            }
            else
            {
                queue.Batches.Dequeue();
                // Where a batch is given up, the sequence goes on without it, unless the broker may have it.
                queue.NextSequence = failure is null || KafkaCluster.IsPassing(failure)
                    ? RecordBatchHeader.AddToSequence(queue.NextSequence, batch.Count)
                    : queue.NextSequence;
                Interlocked.Add(ref _bufferedBytes, RecordBatchHeader.Size - batch.Bytes);
            }
        }

        Signal(_wake);
        Signal(_room);
    }

    private async Task RefreshAsync(string topic)
    {
        try
        {
            await _topics.RefreshAsync([topic], _stop.Token);
        }
        catch (Exception passing) when (KafkaCluster.IsPassing(passing) || passing is OperationCanceledException)
        {
            // The next try finds out by itself whether it helps.
        }
    }

    private static void Signal(SemaphoreSlim semaphore)
    {
        if (semaphore.CurrentCount == 0)
        {
            semaphore.Release();
        }
    }
}

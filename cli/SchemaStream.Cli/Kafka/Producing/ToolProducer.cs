using SchemaStream.Cli.Kafka.Connecting;
using SchemaStream.Protocol;
using SchemaStream.Protocol.Client;
using SchemaStream.Protocol.Client.Clusters;
using SchemaStream.Protocol.Records;

namespace SchemaStream.Cli.Kafka.Producing;

/// <summary>Sends records in batches, each partition's in their order, again where that may help.</summary>
internal sealed partial class ToolProducer : IAsyncDisposable
{
    private const short NewestByName = 12;

    private readonly ToolCluster _cluster;
    private readonly ClusterTopics _topics;
    private readonly ProducerSettings _settings;
    private readonly Partitioner _partitioner;
    private readonly TextWriter _warnings;
    private readonly Dictionary<TopicPartition, PartitionQueue> _queues = [];
    private readonly Lock _lock = new();
    private readonly SemaphoreSlim _wake = new(0);
    private readonly SemaphoreSlim _room = new(0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _sending;
    private long _producerId = RecordBatchHeader.NoProducerId;
    private short _producerEpoch = RecordBatchHeader.NoProducerEpoch;
    private long _bufferedBytes;
    private bool _flushing;

    public ToolProducer(ToolCluster cluster, ProducerSettings settings, TextWriter warnings)
    {
        _cluster = cluster;
        _topics = new ClusterTopics(cluster);
        _settings = settings;
        _partitioner = Partitioner.OfClass(settings.Partitioner, settings.BatchBytes);
        _warnings = warnings;
        _sending = SendAllAsync();
    }

    /// <summary>Takes a record to be sent; waits where the buffer is full.</summary>
    /// <exception cref="KafkaErrorException">The topic is not there, and does not come.</exception>
    public async ValueTask SendAsync(OutgoingRecord record, CancellationToken cancellationToken)
    {
        var partitions = await _topics.PartitionsOrCreateAsync(record.Topic, _settings.MaxBlock, WarnOfMissing(record.Topic), cancellationToken);
        if (record.Size > _settings.MaxRequestBytes)
        {
            throw new ToolFailedException(
                $"The message is {record.Size} bytes when serialized which is larger than {_settings.MaxRequestBytes}, " +
                "which is the value of the max.request.size configuration.");
        }

        if (record.Partition is { } wanted && !partitions.Contains(wanted))
        {
            throw new KafkaErrorException(
                ErrorCode.UnknownTopicOrPartition, $"Topic '{record.Topic}' has partitions {partitions[0]} to {partitions[^1]}, no {wanted}");
        }

        await StartIdempotenceAsync(cancellationToken);
        while (!TryAdd(record, partitions))
        {
            await _room.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Waits until every record has been sent or given up.</summary>
    public async Task FlushAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            _flushing = true;
        }

        _wake.Release();
        try
        {
            while (Interlocked.Read(ref _bufferedBytes) > 0 && !_sending.IsCompleted)
            {
                await _room.WaitAsync(cancellationToken);
            }
        }
        finally
        {
            lock (_lock)
            {
                _flushing = false;
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        try
        {
            await _sending;
        }
        catch (OperationCanceledException)
        {
            // As it was told to.
        }

        _stop.Dispose();
        _wake.Dispose();
        _room.Dispose();
    }

    private Action<ErrorCode> WarnOfMissing(string topic) => error =>
        _warnings.WriteLine($"WARN [Producer] Error while fetching metadata: {{{topic}={KafkaErrors.Name(error)}}}");

    private bool TryAdd(OutgoingRecord record, IReadOnlyList<int> partitions)
    {
        lock (_lock)
        {
            if (_bufferedBytes > 0 && _bufferedBytes + record.Size > _settings.BufferBytes)
            {
                return false;
            }

            var partition = new TopicPartition(
                record.Topic, record.Partition ?? partitions[_partitioner.Choose(record.Topic, record.Key, record.Size, partitions.Count)]);
            if (!_queues.TryGetValue(partition, out var queue))
            {
                _queues.Add(partition, queue = new PartitionQueue());
            }

            var isNew = queue.Open is not { } open || open.Bytes + record.Size > _settings.BatchBytes;
            if (isNew)
            {
                queue.Open = new ProducerBatch(TimeProvider.System.GetTimestamp());
                queue.Batches.Enqueue(queue.Open);
            }

            queue.Open!.Add(record, record.Timestamp ?? TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds());
            Interlocked.Add(ref _bufferedBytes, record.Size);
            if (isNew && _wake.CurrentCount == 0)
            {
                _wake.Release();
            }

            return true;
        }
    }

    private async Task SendAllAsync()
    {
        await Task.Yield();
        while (!_stop.IsCancellationRequested)
        {
            var (ready, wait) = TakeReady();
            if (ready.Count > 0)
            {
                await StartRequestsAsync(ready);
                continue;
            }

            await _wake.WaitAsync(wait, _stop.Token);
        }
    }

    /// <summary>Batches that are to go now, marked as under way, and how long there is nothing to do otherwise.</summary>
    private (List<KeyValuePair<TopicPartition, ProducerBatch>> Ready, TimeSpan Wait) TakeReady()
    {
        var ready = new List<KeyValuePair<TopicPartition, ProducerBatch>>();
        var wait = TimeSpan.FromSeconds(1);
        var now = TimeProvider.System.GetTimestamp();
        lock (_lock)
        {
            foreach (var (partition, queue) in _queues)
            {
                if (queue.IsUnderWay || !queue.Batches.TryPeek(out var head))
                {
                    continue;
                }

                var lingers = head.Tries > 0 || _flushing || queue.Batches.Count > 1 || head.Bytes >= _settings.BatchBytes
                    ? TimeSpan.Zero
                    : _settings.Linger - TimeProvider.System.GetElapsedTime(head.CreatedAt, now);
                var backsOff = queue.NotBefore > now ? TimeProvider.System.GetElapsedTime(now, queue.NotBefore) : TimeSpan.Zero;
                var left = lingers > backsOff ? lingers : backsOff;
                if (left > TimeSpan.Zero)
                {
                    wait = left < wait ? left : wait;
                    continue;
                }

                queue.IsUnderWay = true;
                queue.Open = queue.Batches.Count == 1 ? null : queue.Open; // what is on its way takes no more
                ready.Add(new(partition, head));
            }
        }

        return (ready, wait + TimeSpan.FromMilliseconds(1));
    }

    /// <summary>One request for each leader; they go side by side.</summary>
    private async Task StartRequestsAsync(List<KeyValuePair<TopicPartition, ProducerBatch>> ready)
    {
        var byLeader = new Dictionary<int, List<KeyValuePair<TopicPartition, ProducerBatch>>>();
        foreach (var each in ready)
        {
            try
            {
                var leader = await _topics.LeaderAsync(each.Key, _stop.Token);
                KafkaErrorException.Require(leader < 0 ? ErrorCode.LeaderNotAvailable : ErrorCode.None, $"Partition {each.Key}");
                if (!byLeader.TryGetValue(leader, out var led))
                {
                    byLeader.Add(leader, led = []);
                }

                led.Add(each);
            }
            catch (Exception failure) when (IsExpected(failure))
            {
                await FinishAsync(each.Key, each.Value, failure);
            }
        }

        foreach (var (leader, batches) in byLeader)
        {
            _ = RequestAsync(leader, batches);
        }
    }

    private static bool IsExpected(Exception failure) => KafkaCluster.IsPassing(failure) || failure is KafkaErrorException or ToolFailedException;
}

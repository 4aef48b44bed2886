using System.Collections.Concurrent;
using Confluent.Kafka;

namespace SchemaStream.Interop.Tests.Crashes;

/// <summary>
/// Several idempotent producers with acks=all, each with a compression of its own, that write to every partition without a
/// pause, and the account of what they were told.
/// </summary>
internal sealed class Writers(string bootstrapServers, string topic, int partitions)
{
    private static readonly Confluent.Kafka.CompressionType[] Codecs =
    [
        Confluent.Kafka.CompressionType.None, Confluent.Kafka.CompressionType.Lz4, Confluent.Kafka.CompressionType.Zstd, Confluent.Kafka.CompressionType.Snappy,
    ];

    /// <summary>Of one producer, under way at a time.</summary>
    private const int Window = 300;

    /// <summary>Longer than any outage: nothing may fail, so nothing may be missing.</summary>
    private static readonly TimeSpan DeliveryTimeout = TimeSpan.FromMinutes(4);

    private readonly ConcurrentDictionary<SealedValue, long> _acknowledged = new();
    private readonly ConcurrentQueue<string> _failures = new();
    private readonly long[] _ends = new long[partitions];

    public int Acknowledged => _acknowledged.Count;

    public IReadOnlyCollection<string> Failures => _failures;

    /// <summary>Behind the last record of a partition that was acknowledged: the log's end is never before it again.</summary>
    public long EndOf(int partition) => Volatile.Read(ref _ends[partition]);

    /// <summary>Writes until told to stop, and then until all is answered.</summary>
    public Task WriteAsync(CancellationToken stop) => Task.WhenAll(Codecs.Select((codec, number) => Task.Run(() => WriteAsync(number, codec, stop))));

    /// <summary>Reads everything: each record whole, each acknowledged one once and at its place, and each writer's in its order.</summary>
    public void Verify()
    {
        var next = new Dictionary<(int Producer, int Partition), long>();
        var seen = 0;
        Clusters.Topics.ReadToEnd(bootstrapServers, topic, record =>
        {
            var value = SealedValue.Open(record.Message.Value);
            value.Partition.ShouldBe(record.Partition.Value, $"{record.TopicPartitionOffset}");
            var writer = (value.Producer, value.Partition);
            value.Number.ShouldBe(next.GetValueOrDefault(writer), $"the next of {writer} at {record.TopicPartitionOffset}");
            next[writer] = value.Number + 1;
            if (_acknowledged.TryGetValue(value, out var offset))
            {
                record.Offset.Value.ShouldBe(offset, $"{value} was acknowledged there");
                seen++;
            }
        });
        seen.ShouldBe(_acknowledged.Count, "acknowledged records that are there");
    }

    private async Task WriteAsync(int number, Confluent.Kafka.CompressionType codec, CancellationToken stop)
    {
        using var window = new SemaphoreSlim(Window);
        using var producer = new ProducerBuilder<Null, string>(new ProducerConfig
        {
            BootstrapServers = bootstrapServers,
            ClientId = $"writer-{number}",
            EnableIdempotence = true,
            Acks = Confluent.Kafka.Acks.All,
            CompressionType = codec,
            MessageTimeoutMs = (int)DeliveryTimeout.TotalMilliseconds,
            LingerMs = 3,
            ReconnectBackoffMs = 20,
            ReconnectBackoffMaxMs = 100,
            RetryBackoffMs = 20,
        }).SetErrorHandler((_, error) => TellFatal(error)).SetLogHandler((_, _) => { }).Build();
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        var written = new long[partitions];
        try
        {
            while (await pace.WaitForNextTickAsync(stop))
            {
                for (var partition = 0; partition < partitions; partition++)
                {
                    await window.WaitAsync(stop);
                    Send(producer, window, new SealedValue(number, partition, written[partition]++));
                }
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            producer.Flush(DeliveryTimeout).ShouldBe(0, "every record is answered within its time-out");
        }
    }

    private void Send(IProducer<Null, string> producer, SemaphoreSlim window, SealedValue value)
    {
        var message = new Message<Null, string> { Value = SealedValue.Make(value.Producer, value.Partition, value.Number) };
        producer.Produce(new Confluent.Kafka.TopicPartition(topic, value.Partition), message, report =>
        {
            window.Release();
            if (report.Error.IsError)
            {
                _failures.Enqueue($"{value}: {report.Error}");
                return;
            }

            _acknowledged[value] = report.Offset.Value;
            long end;
            while ((end = EndOf(value.Partition)) <= report.Offset.Value
                && Interlocked.CompareExchange(ref _ends[value.Partition], report.Offset.Value + 1, end) != end)
            {
            }
        });
    }

    private void TellFatal(Error error)
    {
        if (error.IsFatal)
        {
            _failures.Enqueue($"fatal: {error}");
        }
    }
}

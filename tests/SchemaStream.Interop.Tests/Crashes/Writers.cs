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

    public Account Account { get; } = new(bootstrapServers, topic, partitions);

    /// <summary>Writes until told to stop, and then until all is answered.</summary>
    public Task WriteAsync(CancellationToken stop) => Task.WhenAll(Codecs.Select((codec, number) => Task.Run(() => WriteAsync(number, codec, stop))));

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
                Account.Fail($"{value}: {report.Error}");
            }
            else
            {
                Account.Take(value, report.Offset.Value);
            }
        });
    }

    private void TellFatal(Error error)
    {
        if (error.IsFatal)
        {
            Account.Fail($"fatal: {error}");
        }
    }
}

using System.Collections.Concurrent;
using System.Globalization;
using Confluent.Kafka;

namespace SchemaStream.Interop.Tests.Clusters;

/// <summary>
/// Writes numbered records with the stock client and keeps account of what was acknowledged where, so that reading the
/// topic afterwards proves that nothing was lost, doubled or put out of order.
/// </summary>
internal sealed class Ledger(string bootstrapServers, string topic)
{
    private const int Keys = 97;

    /// <summary>Records under way at a time: enough to have some in every leader's hands when it dies.</summary>
    private const int Window = 500;

    private readonly ConcurrentDictionary<string, TopicPartitionOffset> _acknowledged = new();
    private readonly ConcurrentQueue<string> _failures = new();
    private long _sent;

    /// <summary>How long the application's time-outs allow a record to be under way.</summary>
    public static TimeSpan DeliveryTimeout { get; } = TimeSpan.FromSeconds(60);

    public int Acknowledged => _acknowledged.Count;

    /// <summary>What the application was told went wrong.</summary>
    public IReadOnlyCollection<string> Failures => _failures;

    /// <summary>Writes until told to stop, then waits for what is under way.</summary>
    public async Task WriteAsync(CancellationToken stop)
    {
        using var window = new SemaphoreSlim(Window);
        using var producer = new ProducerBuilder<string, string>(new ProducerConfig
        {
            BootstrapServers = bootstrapServers,
            EnableIdempotence = true,
            Acks = Confluent.Kafka.Acks.All,
            MessageTimeoutMs = (int)DeliveryTimeout.TotalMilliseconds,
            LingerMs = 2,
        }).SetErrorHandler((_, error) => TellFatal(error)).SetLogHandler((_, _) => { }).Build();
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        try
        {
            while (await pace.WaitForNextTickAsync(stop))
            {
                for (var i = 0; i < 20; i++)
                {
                    await window.WaitAsync(stop);
                    Send(producer, window);
                }
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            producer.Flush(DeliveryTimeout * 2).ShouldBe(0, "every record is answered within its time-out");
        }
    }

    /// <summary>Reads the topic from its beginning to the ends that it has now, and compares.</summary>
    public async Task VerifyAsync()
    {
        var seen = new Dictionary<string, TopicPartitionOffset>();
        var last = new Dictionary<string, long>();
        await Task.Run(() => Topics.ReadToEnd(bootstrapServers, topic, record =>
        {
            var value = record.Message.Value;
            seen.TryAdd(value, record.TopicPartitionOffset).ShouldBeTrue(
                $"{value} stands at {record.TopicPartitionOffset} and at {seen.GetValueOrDefault(value)}");
            var number = long.Parse(value, CultureInfo.InvariantCulture);
            last.GetValueOrDefault(record.Message.Key, -1).ShouldBeLessThan(number, $"{value} comes late at {record.TopicPartitionOffset}");
            last[record.Message.Key] = number;
        }));
        foreach (var (value, place) in _acknowledged)
        {
            seen.TryGetValue(value, out var found).ShouldBeTrue($"{value} was acknowledged at {place} and is not there");
            found.ShouldBe(place, $"{value} was acknowledged at {place}");
        }
    }

    private void Send(IProducer<string, string> producer, SemaphoreSlim window)
    {
        var number = _sent++;
        var value = number.ToString(CultureInfo.InvariantCulture);
        producer.Produce(topic, new Message<string, string> { Key = $"key-{number % Keys}", Value = value }, report =>
        {
            window.Release();
            if (report.Error.IsError)
            {
                _failures.Enqueue($"{value}: {report.Error}");
            }
            else
            {
                _acknowledged[value] = report.TopicPartitionOffset;
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

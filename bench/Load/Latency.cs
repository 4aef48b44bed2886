using System.Buffers.Binary;
using System.Diagnostics;
using System.Globalization;
using Confluent.Kafka;

namespace SchemaStream.Bench.Load;

/// <summary>From the producer's call to the consumer's return, at a fixed rate, both in this process.</summary>
internal sealed record Latency(int Rate, IReadOnlyList<double> SortedMilliseconds)
{
    private const int ValueBytes = 100;

    public static async Task<Latency> MeasureAsync(BrokerUnderLoad broker, int rate, TimeSpan length, CancellationToken cancellation)
    {
        var topic = $"latency-{Guid.NewGuid():N}";
        await Topics.CreateAsync(broker.BootstrapServers, topic);
        var records = (int)(rate * length.TotalSeconds);
        using var consumer = new ConsumerBuilder<Ignore, byte[]>(new ConsumerConfig
        {
            BootstrapServers = broker.BootstrapServers,
            GroupId = "latency",
            EnableAutoCommit = false,
        }).Build();
        consumer.Assign(new TopicPartitionOffset(topic, 0, Offset.Beginning));
        var received = Task.Factory.StartNew(() => Receive(consumer, records, cancellation), cancellation, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        await SendAsync(broker, topic, rate, records, cancellation);
        var samples = await received;
        consumer.Close();

        // The first second warms up connections and the just-in-time compiler.
        var measured = samples.Skip(rate).ToArray();
        Array.Sort(measured);
        return new Latency(rate, measured);
    }

    public void AddTo(Report report)
    {
        if (SortedMilliseconds.Count > 0)
        {
            report.Add($"latency at {Rate}/s of {ValueBytes} B, p50", At(0.5), "ms");
            report.Add($"latency at {Rate}/s of {ValueBytes} B, p99", At(0.99), "ms", null, string.Create(CultureInfo.InvariantCulture, $"max {At(1):F2}"));
        }
    }

    private static List<double> Receive(IConsumer<Ignore, byte[]> consumer, int records, CancellationToken cancellation)
    {
        var samples = new List<double>(records);
        while (samples.Count < records)
        {
            var sent = BinaryPrimitives.ReadInt64BigEndian(consumer.Consume(cancellation).Message.Value);
            samples.Add(Stopwatch.GetElapsedTime(sent).TotalMilliseconds);
        }

        return samples;
    }

    private static async Task SendAsync(BrokerUnderLoad broker, string topic, int rate, int records, CancellationToken cancellation)
    {
        using var producer = new ProducerBuilder<Null, byte[]>(new ProducerConfig
        {
            BootstrapServers = broker.BootstrapServers,
            Acks = Acks.All,
            LingerMs = 0,
        }).Build();

        // One tick a millisecond, each sending what is due by then: a timer's jitter does not lower the rate.
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(1));
        var start = Stopwatch.GetTimestamp();
        for (var sent = 0; sent < records;)
        {
            await timer.WaitForNextTickAsync(cancellation);
            var due = Math.Min(records, (int)(Stopwatch.GetElapsedTime(start).TotalSeconds * rate));
            for (; sent < due; sent++)
            {
                var value = new byte[ValueBytes];
                BinaryPrimitives.WriteInt64BigEndian(value, Stopwatch.GetTimestamp());
                producer.Produce(topic, new Message<Null, byte[]> { Value = value });
            }
        }

        producer.Flush(cancellation);
    }

    private double At(double quantile) =>
        SortedMilliseconds[Math.Min(SortedMilliseconds.Count - 1, (int)(quantile * SortedMilliseconds.Count))];
}

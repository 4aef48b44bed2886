using System.Diagnostics;
using Confluent.Kafka;

namespace SchemaStream.Bench.Load;

/// <summary>How fast the stock client moves records, and what that costs the broker.</summary>
internal sealed record Throughput(long Records, long Bytes, TimeSpan Elapsed, ProcessorTime BrokerCpu)
{
    public double CpuSecondsPerGigabyte => BrokerCpu.Total.TotalSeconds / (Bytes / 1e9);

    public double MegabytesPerSecond => Bytes / 1e6 / Elapsed.TotalSeconds;

    public static Throughput Produce(BrokerUnderLoad broker, string topic, int size, int records, CancellationToken cancellation)
    {
        using var producer = new ProducerBuilder<Null, byte[]>(new ProducerConfig
        {
            BootstrapServers = broker.BootstrapServers,
            Acks = Acks.All,
            EnableIdempotence = true,
            LingerMs = 5,
            BatchSize = 1_000_000,
            QueueBufferingMaxMessages = 200_000,
        }).Build();
        var value = new byte[size];
        new Random(1).NextBytes(value);
        var message = new Message<Null, byte[]> { Value = value };
        var failed = 0;
        Error? lastError = null;
        void Delivered(DeliveryReport<Null, byte[]> report)
        {
            if (report.Error.IsError)
            {
                lastError = report.Error;
                failed++;
            }
        }

        var (cpu, start) = (broker.Cpu, Stopwatch.GetTimestamp());
        for (var i = 0; i < records; i++)
        {
            while (true)
            {
                try
                {
                    producer.Produce(topic, message, Delivered);
                    break;
                }
                catch (ProduceException<Null, byte[]> e) when (e.Error.Code == ErrorCode.Local_QueueFull)
                {
                    cancellation.ThrowIfCancellationRequested();
                    producer.Poll(TimeSpan.FromMilliseconds(10));
                }
            }
        }

        producer.Flush(cancellation);
        var elapsed = Stopwatch.GetElapsedTime(start);
        if (failed > 0)
        {
            throw new InvalidOperationException($"{failed} of {records} records were not delivered: {lastError}");
        }

        return new Throughput(records, (long)records * size, elapsed, broker.Cpu - cpu);
    }

    public static Throughput Consume(BrokerUnderLoad broker, string topic, int records, CancellationToken cancellation)
    {
        using var consumer = new ConsumerBuilder<Ignore, byte[]>(new ConsumerConfig
        {
            BootstrapServers = broker.BootstrapServers,
            GroupId = "load",
            EnableAutoCommit = false,
            AutoOffsetReset = AutoOffsetReset.Earliest,
        }).Build();
        consumer.Assign(new TopicPartitionOffset(topic, 0, Offset.Beginning));
        long bytes = consumer.Consume(cancellation).Message.Value.Length; // connected, and fetching
        var (cpu, start) = (broker.Cpu, Stopwatch.GetTimestamp());
        for (var i = 1; i < records; i++)
        {
            bytes += consumer.Consume(cancellation).Message.Value.Length;
        }

        var elapsed = Stopwatch.GetElapsedTime(start);
        var result = new Throughput(records, bytes, elapsed, broker.Cpu - cpu);
        consumer.Close();
        return result;
    }

    public void Print(string run) => Console.WriteLine(
        $"  {run,-26} {Records / Elapsed.TotalSeconds,12:N0}/s {MegabytesPerSecond,9:F1} MB/s " +
        $"{CpuSecondsPerGigabyte,9:F2} CPU s/GB (user {BrokerCpu.User.TotalSeconds:F2} s, system {BrokerCpu.System.TotalSeconds:F2} s)");
}

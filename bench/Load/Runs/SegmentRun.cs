using System.Diagnostics;
using Confluent.Kafka;

namespace SchemaStream.Bench.Load.Runs;

/// <summary>A start upon as many segments as a log of 100 GB has (at 1 GB each, a hundred; here ten times as many, small ones).</summary>
internal static class SegmentRun
{
    private const int Partitions = 8;
    private const int SegmentBytes = 1024 * 1024;
    private const int Segments = 1_000;

    public static async Task MeasureAsync(string program, Report report, CancellationToken cancellation)
    {
        using var directory = new DataDirectory();
        await using (var broker = await BrokerUnderLoad.StartAsync(program, BrokerMode.Up, directory.Path, cancellation))
        {
            await Topics.CreateAsync(
                broker.BootstrapServers, "segments", Partitions, new Dictionary<string, string> { ["segment.bytes"] = $"{SegmentBytes}" });
            Fill(broker, cancellation);
        }

        var count = Directory.GetFiles(directory.Path, "*.log", SearchOption.AllDirectories).Length;
        await using (var broker = await BrokerUnderLoad.StartAsync(program, BrokerMode.Up, directory.Path, cancellation))
        {
            await RawClient.ProduceFirstAsync(broker, "first", cancellation);
            report.Add($"start upon {count:N0} segments to first acknowledged record", Stopwatch.GetElapsedTime(broker.StartedAt).TotalMilliseconds, "ms", 2_000);
            await broker.KillAsync();
        }

        await using (var broker = await BrokerUnderLoad.StartAsync(program, BrokerMode.Up, directory.Path, cancellation))
        {
            await RawClient.ProduceFirstAsync(broker, "first", cancellation);
            report.Add("the same after kill -9", Stopwatch.GetElapsedTime(broker.StartedAt).TotalMilliseconds, "ms", 2_000);
        }
    }

    private static void Fill(BrokerUnderLoad broker, CancellationToken cancellation)
    {
        using var producer = new ProducerBuilder<Null, byte[]>(new ProducerConfig
        {
            BootstrapServers = broker.BootstrapServers,
            Acks = Acks.All,
            LingerMs = 5,
            MessageMaxBytes = 1_000_000,
        }).Build();
        var value = new byte[SegmentBytes / 4];
        for (var i = 0; i < Segments * 4; i++)
        {
            producer.Produce(new TopicPartition("segments", i % Partitions), new Message<Null, byte[]> { Value = value });
            if (i % 64 == 0)
            {
                producer.Flush(cancellation);
            }
        }

        producer.Flush(cancellation);
    }
}

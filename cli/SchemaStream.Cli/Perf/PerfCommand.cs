using System.CommandLine;
using SchemaStream.Cli.Consuming;
using SchemaStream.Cli.Errors;
using SchemaStream.Cli.Kafka.Connecting;
using SchemaStream.Cli.Kafka.Consuming;
using SchemaStream.Cli.Kafka.Producing;
using SchemaStream.Cli.Producing;

namespace SchemaStream.Cli.Perf;

/// <summary><c>schemastream perf</c>: how fast a topic is written and read.</summary>
internal static class PerfCommand
{
    public const string Name = "perf";

    private const int LargestRecord = 1024 * 1024;

    private static readonly TimeSpan Report = TimeSpan.FromMilliseconds(200);

    public static Command Create() => new FriendlyCommand(Name, "Measures how fast a topic is written and read.") { Produce(), Consume() };

    private static Command Produce()
    {
        var topic = new Argument<string>("topic") { Description = "The topic; it is filled with random bytes" };
        var records = Count("--records", 100_000);
        var size = new Option<int>("--size") { Description = "Bytes of a record's value", HelpName = "BYTES", DefaultValueFactory = _ => 100 };
        var rate = new Option<long>("--rate") { Description = "Records a second at most; 0: as fast as it goes", HelpName = "COUNT", DefaultValueFactory = _ => 0 };
        var acks = new Option<string>("--acks") { Description = "0, 1 or all", HelpName = "ACKS", DefaultValueFactory = _ => "all" };
        var compression = new Option<string>("--compression") { Description = "none, gzip, snappy, lz4 or zstd", HelpName = "CODEC", DefaultValueFactory = _ => "none" };
        var command = new FriendlyCommand("produce", "Writes random records, and says how many a second and how long each took to be acknowledged.")
        {
            topic, records, size, rate, acks, compression,
        };
        return CommonOptions.Attach(command, async (context, cancellation) =>
        {
            Require(context.Get(records) >= 1, "--records must be at least 1.");
            Require(context.Get(size) is >= 1 and <= LargestRecord && context.Get(rate) >= 0, $"--size is 1 to {LargestRecord}, --rate 0 or more.");
            var settings = new ProducerSettings
            {
                Acks = ProducerSettings.ReadAcks(context.Get(acks)),
                IsIdempotent = context.Get(acks) is "all" or "-1",
                Compression = ProducerSettings.ReadCompression(context.Get(compression)),
                BatchBytes = 256 * 1024,
                Linger = TimeSpan.FromMilliseconds(5),
            }.With(context.Properties);
            (await ProduceAsync(context, context.Get(topic), context.Get(records), context.Get(size), context.Get(rate), settings, cancellation)).Tell(context);
            return ExitCodes.Done;
        });
    }

    private static Command Consume()
    {
        var topic = new Argument<string>("topic") { Description = "The topic" };
        var records = Count("--records", 100_000);
        var command = new FriendlyCommand("consume", "Reads a topic from its beginning, and says how many records a second; ends at the topic's end at the latest.") { topic, records };
        return CommonOptions.Attach(command, async (context, cancellation) =>
        {
            Require(context.Get(records) >= 1, "--records must be at least 1.");
            (await ConsumeAsync(context, context.Get(topic), context.Get(records), cancellation)).Tell(context);
            return ExitCodes.Done;
        });
    }

    private static Option<long> Count(string name, long otherwise) => new(name)
    {
        Description = "How many records", HelpName = "COUNT", DefaultValueFactory = _ => otherwise,
    };

    private static void Require(bool isSo, string otherwise)
    {
        if (!isSo)
        {
            throw ErrorCatalog.Usage.Exception(otherwise);
        }
    }

    private static async Task<PerfResult> ProduceAsync(
        CommandContext context, string topic, long records, int size, long rate, ProducerSettings settings, CancellationToken cancellationToken)
    {
        await using var cluster = context.OpenCluster();
        await new ClusterTopics(cluster).PartitionsAsync(topic, cancellationToken);
        await using var producer = new ToolProducer(cluster, settings, context.Output.Notes);
        var (delivered, latencies) = (new DeliveryCount(), new LatencySamples());
        var value = new byte[size];
        new Random(0).NextBytes(value);
        var start = TimeProvider.System.GetTimestamp();
        var reported = start;
        for (var i = 0L; i < records && !delivered.HasFailed; i++)
        {
            if (rate > 0 && TimeSpan.FromSeconds((double)i / rate) - TimeProvider.System.GetElapsedTime(start) is var ahead && ahead > TimeSpan.FromMilliseconds(1))
            {
                await Task.Delay(ahead, TimeProvider.System, cancellationToken);
            }

            var sentAt = TimeProvider.System.GetTimestamp();
            await producer.SendAsync(
                new Kafka.Producing.OutgoingRecord(topic, null, value, null, failure =>
                {
                    latencies.Add(TimeProvider.System.GetElapsedTime(sentAt));
                    delivered.Take(failure);
                }),
                cancellationToken);
            if (TimeProvider.System.GetElapsedTime(reported) >= Report)
            {
                reported = TimeProvider.System.GetTimestamp();
                PerfResult.Progress(context, delivered.Delivered, records, TimeProvider.System.GetElapsedTime(start));
            }
        }

        await producer.FlushAsync(cancellationToken);
        var took = TimeProvider.System.GetElapsedTime(start);
        delivered.Require(topic);
        PerfResult.Progress(context, delivered.Delivered, records, took);
        return new PerfResult(topic, "produce", delivered.Delivered, delivered.Delivered * size, took, latencies.Summary());
    }

    private static async Task<PerfResult> ConsumeAsync(CommandContext context, string topic, long records, CancellationToken cancellationToken)
    {
        await using var cluster = context.OpenCluster();
        var options = new ConsumeOptions
        {
            Topic = topic,
            Start = new StartAt(StartKind.Earliest),
            Max = records,
            IsUntilEnd = true,
            Settings = new ConsumerSettings { PartitionMaxBytes = 4 * 1024 * 1024 }.With(context.Properties),
        };
        await using var run = new ConsumeRun(cluster, cluster, options, context.Output.Notes);
        var (bytes, done) = (0L, 0L);
        var start = TimeProvider.System.GetTimestamp();
        var reported = start;
        var count = await run.RunAsync(
            taken =>
            {
                done += taken.Count;
                foreach (var record in taken)
                {
                    bytes += (record.Key?.Length ?? 0) + (record.Value?.Length ?? 0);
                }

                if (TimeProvider.System.GetElapsedTime(reported) >= Report)
                {
                    reported = TimeProvider.System.GetTimestamp();
                    PerfResult.Progress(context, done, records, TimeProvider.System.GetElapsedTime(start));
                }

                return ValueTask.CompletedTask;
            },
            cancellationToken);
        return new PerfResult(topic, "consume", count, bytes, TimeProvider.System.GetElapsedTime(start), null);
    }
}

using Confluent.Kafka;
using SchemaStream.TestKit;

namespace SchemaStream.Interop.Tests.ExactlyOnce;

/// <summary>The SDK's one method for it, until the group has committed all that the input holds.</summary>
internal sealed class SdkTransformer(string bootstrapServers, string input, string output, int partitions, long records)
{
    private const string Name = "sdk-transformer";

    private static readonly TimeSpan TransactionTimeout = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan AskLimit = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan AskPause = TimeSpan.FromMilliseconds(200);

    public async Task RunAsync(TimeSpan limit)
    {
        using var directory = new TempDirectory();
        await using var registry = await ProgramProcess.StartAsync(
            "registry", "--no-environment", "--set", "listeners=http://127.0.0.1:0", "--set", $"schemastream.data.dir={directory.Path}");
        await using var client = new SchemaStreamClient(new()
        {
            BootstrapServers = bootstrapServers,
            RegistryUrl = new Uri(registry.ReadyLine["ready registry=".Length..].Split(' ')[0]),
            ConfigureTransport = settings =>
            {
                settings["reconnect.backoff.ms"] = "20";
                settings["reconnect.backoff.max.ms"] = "200";
            },
        });
        using var stop = new CancellationTokenSource();
        var running = client.TransformAsync(
            SchemaStream.Topic.Primitive<Nothing, string>(input),
            SchemaStream.Topic.Primitive<Nothing, string>(output),
            Name,
            Name,
            record => new OutgoingRecord<Nothing, string>(record.Key, record.Value + "!", new RecordOptions { Partition = record.Partition }),
            new TransformOptions
            {
                MaxRecords = 25,
                Transactions = new TransactionOptions { Timeout = TransactionTimeout, Linger = TimeSpan.FromMilliseconds(2) },
                Reading = new SchemaStream.ConsumerOptions { SessionTimeout = TimeSpan.FromSeconds(6) },
            },
            stop.Token);
        using var asker = new ConsumerBuilder<Ignore, Ignore>(new ConsumerConfig { BootstrapServers = bootstrapServers, GroupId = Name })
            .SetErrorHandler((_, _) => { }).SetLogHandler((_, _) => { }).Build();
        using var deadline = new CancellationTokenSource(limit);
        using var pause = new PeriodicTimer(AskPause);
        while (!running.IsCompleted && Committed(asker) < records)
        {
            await pause.WaitForNextTickAsync(deadline.Token);
        }

        await stop.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => running);
    }

    private long Committed(IConsumer<Ignore, Ignore> asker)
    {
        try
        {
            return asker.Committed(Enumerable.Range(0, partitions).Select(partition => new Confluent.Kafka.TopicPartition(input, partition)), AskLimit)
                .Sum(position => Math.Max(position.Offset.Value, 0));
        }
        catch (KafkaException)
        {
            return 0; // the broker is down: asked again
        }
    }
}

using SchemaStream.TestKit;

namespace SchemaStream.Interop.Tests.Crashes;

/// <summary>
/// Several producers of the SDK, each with a compression of its own, that write to every partition without a pause: most
/// records are awaited, and each tenth is told of by nothing but a failure.
/// </summary>
internal sealed class SdkWriters(string bootstrapServers, string topic, int partitions)
{
    private static readonly CompressionType[] Codecs =
        [CompressionType.None, CompressionType.Gzip, CompressionType.Snappy, CompressionType.Lz4, CompressionType.Zstd];

    private const int EnqueuedEach = 10;

    /// <summary>Of one producer, under way at a time.</summary>
    private const int Window = 300;

    /// <summary>Longer than any outage: nothing may fail, so nothing may be missing.</summary>
    private static readonly TimeSpan DeliveryTimeout = TimeSpan.FromMinutes(4);

    public Account Account { get; } = new(bootstrapServers, topic, partitions);

    /// <summary>Writes until told to stop, and then until all is answered.</summary>
    public async Task WriteAsync(CancellationToken stop)
    {
        using var directory = new TempDirectory();
        await using var registry = await ProgramProcess.StartAsync(
            "registry", "--no-environment", "--set", "listeners=http://127.0.0.1:0", "--set", $"schemastream.data.dir={directory.Path}");
        await using var client = new SchemaStreamClient(new()
        {
            BootstrapServers = bootstrapServers,
            RegistryUrl = new Uri(registry.ReadyLine["ready registry=".Length..].Split(' ')[0]),
        });
        await Task.WhenAll(Codecs.Select((codec, number) => Task.Run(() => WriteAsync(client, number, codec, stop), CancellationToken.None)));
    }

    private async Task WriteAsync(SchemaStreamClient client, int number, CompressionType codec, CancellationToken stop)
    {
        await using var producer = await client.CreateProducerAsync(
            Topic.Primitive<string, string>(topic),
            new ProducerOptions
            {
                Compression = codec,
                Linger = TimeSpan.FromMilliseconds(3),
                DeliveryTimeout = DeliveryTimeout,
                DeliveryFailed = failure => Account.Fail($"{number}: {failure}"),
            },
            CancellationToken.None);
        using var window = new SemaphoreSlim(Window);
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        var sends = new List<Task>();
        var written = new long[partitions];
        try
        {
            while (await pace.WaitForNextTickAsync(stop))
            {
                sends.RemoveAll(static send => send.IsCompletedSuccessfully);
                for (var partition = 0; partition < partitions; partition++)
                {
                    await window.WaitAsync(stop);
                    sends.Add(SendAsync(producer, window, new SealedValue(number, partition, written[partition]++)));
                }
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            await Task.WhenAll(sends);
            await producer.FlushAsync(CancellationToken.None);
            for (var partition = 0; partition < partitions; partition++)
            {
                Account.Finish(number, partition, written[partition]);
            }
        }
    }

    /// <summary>The record is accepted before this returns to its caller, so the order is that of the calls.</summary>
    private async Task SendAsync(ITopicProducer<string, string> producer, SemaphoreSlim window, SealedValue value)
    {
        var text = SealedValue.Make(value.Producer, value.Partition, value.Number);
        var options = new RecordOptions { Partition = value.Partition };
        try
        {
            if (value.Number % EnqueuedEach == 0)
            {
                await producer.EnqueueAsync("-", text, options, CancellationToken.None);
            }
            else
            {
                var position = await producer.SendAsync("-", text, options, CancellationToken.None);
                Account.Take(value, position.Offset);
            }
        }
        catch (DeliveryException failed)
        {
            Account.Fail($"{value}: {failed.Message}");
        }
        finally
        {
            window.Release();
        }
    }
}

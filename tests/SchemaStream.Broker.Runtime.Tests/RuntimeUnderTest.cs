using Microsoft.Extensions.Logging.Abstractions;
using SchemaStream.Broker.Metadata.Commands;
using SchemaStream.Broker.Metadata.Images;
using SchemaStream.Broker.Runtime.Access;
using SchemaStream.Broker.Storage.Files;
using SchemaStream.Broker.Storage.Simulation;
using SchemaStream.Protocol;
using SchemaStream.Protocol.Records;

namespace SchemaStream.Broker.Runtime.Tests;

/// <summary>A broker's inside on the real disk, in a directory of its own.</summary>
internal sealed class RuntimeUnderTest : IAsyncDisposable
{
    private readonly string _path = Path.Combine(Path.GetTempPath(), "runtime-" + Guid.NewGuid().ToString("N"));

    private RuntimeUnderTest()
    {
    }

    public BrokerRuntime Broker { get; private set; } = null!;

    public string DataDirectory => _path;

    public IPartitionAccess Partitions => Broker.Partitions;

    public MetadataImage Image => Broker.Metadata.Image;

    public static async Task<RuntimeUnderTest> StartAsync(
        Func<RuntimeOptions, RuntimeOptions>? configure = null, TimeProvider? timeProvider = null)
    {
        var runtime = new RuntimeUnderTest();
        await runtime.RestartAsync(configure, timeProvider);
        return runtime;
    }

    /// <summary>On a disk in memory, which can be made to fail; with one lane, so that faults come in an order.</summary>
    public static async Task<RuntimeUnderTest> StartInMemoryAsync(MemoryDisk disk, TimeProvider timeProvider)
    {
        var runtime = new RuntimeUnderTest();
        runtime.Broker = await BrokerRuntime.StartAsync(
            disk.Directory("data"),
            runtime.Options() with { LaneCount = 1 },
            NullLoggerFactory.Instance,
            timeProvider,
            CancellationToken.None);
        return runtime;
    }

    /// <summary>Another broker on the same directory.</summary>
    public async Task StartSecondAsync(
        Func<RuntimeOptions, RuntimeOptions>? configure = null, CancellationToken cancellationToken = default)
    {
        var options = Options();
        await using var second = await BrokerRuntime.StartAsync(
            configure?.Invoke(options) ?? options, NullLoggerFactory.Instance, TimeProvider.System, cancellationToken);
    }

    /// <summary>
    /// What the disk holds at this moment, as a process that is killed leaves it, in a directory of its own and under a
    /// broker of its own; this one lives on.
    /// </summary>
    /// <param name="change">What else the crash does to the directory.</param>
    public async Task<RuntimeUnderTest> CrashAsync(Action<string> change)
    {
        var after = new RuntimeUnderTest();
        Copy(_path, after._path);
        change(after._path);
        await after.RestartAsync();
        return after;
    }

    public static void Copy(string from, string to)
    {
        Directory.CreateDirectory(to);
        try
        {
            foreach (var directory in Directory.GetDirectories(from))
            {
                Copy(directory, Path.Combine(to, Path.GetFileName(directory)));
            }

            foreach (var file in Directory.GetFiles(from))
            {
                // The lock's file is held by the broker that lives on.
                if (Path.GetFileName(file) != ".lock")
                {
                    File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
                }
            }
        }
        catch (Exception gone) when (gone is FileNotFoundException or DirectoryNotFoundException)
        {
            // Deleted by the broker that lives on, between the look and the copy: the crash came in the middle of that.
        }
    }

    /// <summary>For what happens in the background soon: looks until it has, and gives up after a minute.</summary>
    public static async Task UntilAsync(Func<Task<bool>> happened)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while (!await happened())
        {
            limit.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    public async Task RestartAsync(Func<RuntimeOptions, RuntimeOptions>? configure = null, TimeProvider? timeProvider = null)
    {
        if (Broker is not null)
        {
            await Broker.StopAsync();
        }

        var options = Options();
        Broker = await BrokerRuntime.StartAsync(
            new FileLogDirectory(_path),
            configure?.Invoke(options) ?? options,
            NullLoggerFactory.Instance,
            timeProvider ?? TimeProvider.System,
            CancellationToken.None);
    }

    public async Task<TopicIdPartition> CreateTopicAsync(string name, int partitions = 1, params (string Key, string Value)[] configs)
    {
        var created = await TryCreateTopicAsync(name, partitions, configs);
        created.ErrorCode.ShouldBe(ErrorCode.None, created.ErrorMessage);
        return new TopicIdPartition(created.TopicId, 0);
    }

    public async Task<CreatedTopic> TryCreateTopicAsync(
        string name, int partitions = 1, params (string Key, string Value)[] configs)
    {
        var topic = new NewTopic(name)
        {
            PartitionCount = partitions,
            ReplicationFactor = 1,
            Configs = [.. configs.Select(config => KeyValuePair.Create(config.Key, (string?)config.Value))],
        };
        var reply = await Broker.Metadata.SubmitAsync(new CreateTopicsCommand([topic]), CancellationToken.None);
        return reply.Topics[0];
    }

    public async Task DeleteTopicAsync(string name)
    {
        var reply = await Broker.Metadata.SubmitAsync(
            new DeleteTopicsCommand([TopicSelector.ByName(name)]), CancellationToken.None);
        reply.Topics[0].ErrorCode.ShouldBe(ErrorCode.None);
    }

    public ValueTask<ProduceResult> ProduceAsync(
        TopicIdPartition partition, ReadOnlyMemory<byte> batch, RequiredAcks acks = RequiredAcks.All) =>
        Partitions.ProduceAsync(partition, batch, new ProduceOptions(acks, TimeSpan.FromSeconds(5)));

    public ValueTask<FetchReadResult> FetchAsync(
        TopicIdPartition partition, long offset, TimeSpan maxWait = default, int minBytes = 1, CancellationToken ct = default) =>
        Partitions.FetchAsync(Query([new FetchPartition(partition, offset, 1 << 20)], maxWait, minBytes), ct);

    public static FetchQuery Query(
        IReadOnlyList<FetchPartition> partitions, TimeSpan maxWait = default, int minBytes = 1, int maxBytes = 50 << 20) => new()
        {
            Partitions = partitions,
            MinBytes = minBytes,
            MaxBytes = maxBytes,
            MaxWait = maxWait,
        };

    /// <summary>Values of all records of a fetch's partition.</summary>
    public static string[] ValuesOf(in FetchPartitionResult partition)
    {
        var values = new List<string>();
        foreach (var batch in RecordBatches.Split(partition.Records))
        {
            foreach (var record in new RecordBatchReader(batch.Header, batch.Records.Span))
            {
                values.Add(System.Text.Encoding.UTF8.GetString(record.Value));
            }
        }

        return [.. values];
    }

    private RuntimeOptions Options() => new()
    {
        NodeId = 1,
        DataDirectory = _path,
        Endpoints = [new BrokerEndpoint("PLAINTEXT", "127.0.0.1", 9092)],
        OffsetsTopicPartitionCount = 4,
    };

    public async ValueTask DisposeAsync()
    {
        await Broker.DisposeAsync();
        if (Directory.Exists(_path))
        {
            Directory.Delete(_path, recursive: true);
        }
    }
}

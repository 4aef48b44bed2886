using System.Diagnostics.CodeAnalysis;
using BenchmarkDotNet.Attributes;
using Microsoft.Extensions.Logging.Abstractions;
using SchemaStream.Bench.Cluster.Wire;
using SchemaStream.Broker;
using SchemaStream.Protocol;

namespace SchemaStream.Bench.Broker;

/// <summary>One request with, or for, a batch of 500 records of 100 bytes.</summary>
[MemoryDiagnoser]
[SuppressMessage("Design", "CA1001", Justification = "GlobalCleanup is its end.")]
public class BatchBenchmarks
{
    private const int RecordsPerBatch = 500;
    private const int ValueBytes = 100;
    private const int StoredBatches = 64;
    private const string Topic = "batches";

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("schemastream-bench-");
    private BrokerHost _host = null!;
    private RawSession _session = null!;
    private byte[] _produce = [];
    private byte[] _fetch = [];

    [GlobalSetup]
    public void Start()
    {
        _host = BrokerHost.StartAsync(
            new BrokerOptions { DataDirectory = _directory.FullName, Host = "127.0.0.1", Port = 0 },
            NullLoggerFactory.Instance, TimeProvider.System, CancellationToken.None).GetAwaiter().GetResult();
        _session = new RawSession(_host.EndPoint);
        var topicId = TopicOnWire.Create(_session, Topic);
        var batch = Frames.Batch(RecordsPerBatch, ValueBytes);
        _produce = Frames.Produce(Topic, 0, batch, acks: -1);
        _fetch = Frames.Fetch(topicId, 0, offset: RecordsPerBatch, maxBytes: batch.Length);
        for (var i = 0; i < StoredBatches; i++)
        {
            _session.Exchange(_produce);
            Check(_session.Produced().ErrorCode);
        }

        _session.Exchange(_fetch);
        Check(_session.Fetched().ErrorCode);
    }

    [GlobalCleanup]
    public void Stop()
    {
        _session.Dispose();
        _host.DisposeAsync().AsTask().GetAwaiter().GetResult();
        _directory.Delete(recursive: true);
    }

    [Benchmark(Description = "produce, acks=all")]
    public void Produce() => _session.Exchange(_produce);

    [Benchmark(Description = "fetch")]
    public void Fetch() => _session.Exchange(_fetch);

    private static void Check(ErrorCode error)
    {
        if (error != ErrorCode.None)
        {
            throw new InvalidOperationException($"The broker answered {error}");
        }
    }
}

using Microsoft.Extensions.Logging;
using SchemaStream.Broker.Metadata.Commands;
using SchemaStream.Broker.Metadata.Images;
using SchemaStream.Broker.Runtime.Access;
using SchemaStream.Broker.Runtime.Replicas;
using SchemaStream.Broker.Server;
using SchemaStream.Broker.Server.Fetches;
using SchemaStream.Broker.Server.Handlers;
using SchemaStream.Broker.Server.Settings;
using SchemaStream.Protocol;

namespace SchemaStream.Broker.Runtime.Tests.Replicas;

/// <summary>One broker's partitions, behind a server of their own.</summary>
internal sealed class ReplicaNode : IMetadataAccess, IProducerIdAccess, IAsyncDisposable
{
    private readonly ReplicaCluster _cluster;
    private readonly RuntimeOptions _options;
    private readonly Storage.Directories.DataDirectory _data;
    private readonly KafkaServer _server;
    private readonly Lock _gate = new();
    private volatile MetadataImage _image = MetadataImage.Empty;
    private Task _acting = Task.CompletedTask;
    private MetadataImage? _heldImage;
    private bool _isIsolated;
    private bool _holdsImages;
    private bool _isDisposed;
    private int _producerIds;

    public ReplicaNode(ReplicaCluster cluster, RuntimeOptions options, ILoggerFactory loggers)
    {
        _cluster = cluster;
        _options = options;
        _data = Storage.Directories.DataDirectory.Open(cluster.DirectoryOf(options.NodeId));
        _server = new KafkaServer(new ServerOptions { DrainTimeout = TimeSpan.Zero }, TimeProvider.System, loggers);
        var address = _server.Bind();
        Endpoint = new BrokerEndpoint("PLAINTEXT", address.Address.ToString(), address.Port);
        Replicas = new ReplicaRuntime(options, _data, this, this, TimeProvider.System, loggers);
    }

    public int NodeId => _options.NodeId;

    public string DataDirectory => _options.DataDirectory;

    public BrokerEndpoint Endpoint { get; }

    public bool PreviousStopWasClean => _data.WasCleanShutdown;

    public MetadataImage Image => _image;

    public ReplicaRuntime Replicas { get; }

    public IPartitionAccess Partitions => Replicas.Partitions;

    public IGroupAccess Groups => Replicas.Groups;

    /// <summary>Those that followers have with it.</summary>
    public FetchSessionCache? FetchSessions { get; private set; }

    public async Task StartAsync(MetadataImage image)
    {
        var table = HandlerCatalog.Create(this, Partitions, Replicas.Groups, Replicas.Transactions, Replicas.TransactionMarkers, this, BrokerSettings.Default);
        FetchSessions = table.Handlers.OfType<FetchHandler>().Single().Sessions;
        _server.Start(table);
        await Tell(image);
        Replicas.Start();
    }

    /// <summary>Acts on an image after those before it, in its own time.</summary>
    public Task Tell(MetadataImage image)
    {
        lock (_gate)
        {
            if (_holdsImages)
            {
                _heldImage = image;
            }

            return _isIsolated || _holdsImages ? Task.CompletedTask : _acting = ActAsync(_acting, image);
        }
    }

    /// <summary>From here on it acts on no image, until they are released: then on the newest one alone.</summary>
    public void HoldImages()
    {
        lock (_gate)
        {
            _holdsImages = true;
        }
    }

    public Task ReleaseImages()
    {
        lock (_gate)
        {
            _holdsImages = false;
        }

        return Tell(_heldImage!);
    }

    /// <summary>Nothing reaches it any more, and it hears of nothing; but it goes on believing what it believes.</summary>
    public async Task IsolateAsync()
    {
        Task acting;
        lock (_gate)
        {
            _isIsolated = true;
            acting = _acting;
        }

        await acting;
        await _server.StopAsync();
    }

    public async ValueTask<TReply> SubmitAsync<TReply>(ControllerCommand<TReply> command, CancellationToken cancellationToken)
        where TReply : class
    {
        if (_isIsolated)
        {
            return command.Refused(ErrorCode.NotController, "isolated");
        }

        await Task.Yield();
        var (reply, _) = _cluster.Decide(command);
        await _acting;
        return reply;
    }

    /// <summary>A block of its own for each node.</summary>
    public ValueTask<ProducerIdResult> AllocateAsync(CancellationToken cancellationToken) =>
        ValueTask.FromResult(new ProducerIdResult(ErrorCode.None, (NodeId * 1000) + Interlocked.Increment(ref _producerIds), 0));

    public ValueTask<ProduceResult> ProduceAsync(
        TopicIdPartition partition, ReadOnlyMemory<byte> batch, RequiredAcks acks = RequiredAcks.All) =>
        Partitions.ProduceAsync(partition, batch, new ProduceOptions(acks, TimeSpan.FromSeconds(20)));

    /// <summary>All values up to the high watermark as this node knows it, as a consumer that may read from any replica.</summary>
    public async Task<string[]> ReadAllAsync(TopicIdPartition partition, string clientRack = "anywhere")
    {
        var query = RuntimeUnderTest.Query([new FetchPartition(partition, 0, 1 << 24)]);
        query.ClientRack = clientRack;
        using var fetched = await Partitions.FetchAsync(query, CancellationToken.None);
        fetched.Partitions[0].Error.ShouldBe(ErrorCode.None);
        return RuntimeUnderTest.ValuesOf(fetched.Partitions[0]);
    }

    /// <summary>A follower learns what is committed with its next fetch.</summary>
    public Task UntilReadableAsync(TopicIdPartition partition, int count) =>
        RuntimeUnderTest.UntilAsync(async () => (await ReadAllAsync(partition)).Length >= count);

    public async ValueTask DisposeAsync()
    {
        if (_isDisposed)
        {
            return;
        }

        _isDisposed = true;
        await IsolateAsync();
        await Replicas.CloseAsync();
        Replicas.Dispose();
        await _server.DisposeAsync();
        _data.Dispose();
    }

    private async Task ActAsync(Task before, MetadataImage image)
    {
        await before;
        if (image.Offset > _image.Offset)
        {
            await Replicas.Images.PrepareAsync(image);
            var previous = _image;
            _image = image;
            await Replicas.Images.FollowAsync(previous, image);
        }
    }
}

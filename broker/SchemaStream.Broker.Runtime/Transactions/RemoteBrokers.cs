using SchemaStream.Broker.Runtime.Access;
using SchemaStream.Protocol.Client;

namespace SchemaStream.Broker.Runtime.Transactions;

/// <summary>The other brokers, each with a connection of its own once it has been asked.</summary>
internal sealed class RemoteBrokers(IMetadataAccess metadata, string listener, TimeSpan requestTimeout, TimeProvider timeProvider)
    : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly Dictionary<int, RemoteBroker> _brokers = [];
    private readonly CancellationTokenSource _stopping = new();
    private bool _isStopped;

    private KafkaConnectionOptions ConnectionOptions => new()
    {
        ClientId = $"broker-{metadata.NodeId}-transactions",
        RequestTimeout = requestTimeout,
        ConnectTimeout = requestTimeout,
        TimeProvider = timeProvider,
    };

    public RemoteBroker Find(int brokerId)
    {
        lock (_gate)
        {
            if (!_brokers.TryGetValue(brokerId, out var broker))
            {
                var connection = new BrokerConnection(
                    () => metadata.Image.Brokers.TryGetValue(brokerId, out var live) && !live.Fenced ? live.Endpoint(listener) : null,
                    ConnectionOptions);
                _brokers[brokerId] = broker = new RemoteBroker(
                    connection, _isStopped ? new CancellationToken(canceled: true) : _stopping.Token);
            }

            return broker;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        List<RemoteBroker> brokers;
        lock (_gate)
        {
            // Partitions are closed after this, and may still ask: they are told that this broker stops.
            _isStopped = true;
            brokers = [.. _brokers.Values];
        }

        foreach (var broker in brokers)
        {
            await broker.DisposeAsync().ConfigureAwait(false);
        }

        _stopping.Dispose();
    }
}

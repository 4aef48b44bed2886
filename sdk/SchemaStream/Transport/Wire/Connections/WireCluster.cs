using SchemaStream.Protocol;
using SchemaStream.Protocol.Client;
using SchemaStream.Protocol.Client.Clusters;
using SchemaStream.Protocol.Client.Security;
using SchemaStream.Protocol.Messages;

namespace SchemaStream.Transport.Wire.Connections;

/// <summary>The brokers over the wire: finds them by some of them, and keeps one connection to each that is asked.</summary>
internal sealed class WireCluster(IReadOnlyList<BrokerAddress> bootstrap, KafkaConnectionOptions options, ReconnectDelays reconnects) : IWireCluster
{
    private const short FirstMetadataVersion = 4;

    /// <summary>How often one broker is asked before another is.</summary>
    private const int AsksOfOne = 4;

    private readonly ReconnectPauses _pauses = new(reconnects, options.TimeProvider);
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly Dictionary<BrokerAddress, WireConnection> _connections = [];
    private readonly Dictionary<int, BrokerAddress> _brokers = [];
    private WireConnection? _connected;
    private int _asked;
    private int _turnOf;
    private bool _isDisposed;

    public async Task<TopicLayout> DescribeAsync(string topic, bool mayCreate, CancellationToken cancellationToken)
    {
        var any = await AnyAsync(cancellationToken).ConfigureAwait(false);
        var request = new MetadataRequest { Topics = [new() { Name = topic }], AllowAutoTopicCreation = mayCreate };
        var answer = await any.AskAsync(request, FirstMetadataVersion, cancellationToken).ConfigureAwait(false);
        await LearnAsync(answer, cancellationToken).ConfigureAwait(false);
        var found = answer.Topics.FirstOrDefault(described => described.Name == topic);
        return found is null
            ? new TopicLayout(ErrorCode.UnknownTopicOrPartition, Guid.Empty, [])
            : new TopicLayout(found.ErrorCode, found.TopicId, found.Partitions.ConvertAll(
                static partition => new PartitionLeader(partition.PartitionIndex, partition.LeaderId, partition.LeaderEpoch)));
    }

    public async Task<TResponse> AskAnyAsync<TResponse>(IRequestMessage<TResponse> request, CancellationToken cancellationToken)
        where TResponse : IResponseMessage, IApiMessage, new()
    {
        var any = await AnyAsync(cancellationToken).ConfigureAwait(false);
        return await any.AskAsync(request, TResponse.MinVersion, cancellationToken).ConfigureAwait(false);
    }

    public async Task<TResponse> AskAsync<TResponse>(
        int nodeId, IRequestMessage<TResponse> request, CancellationToken cancellationToken)
        where TResponse : IResponseMessage, IApiMessage, new()
    {
        var connection = await SharedAsync(AddressOf(nodeId), cancellationToken).ConfigureAwait(false);
        return await connection.AskAsync(request, TResponse.MinVersion, cancellationToken).ConfigureAwait(false);
    }

    public async Task<IWireConnection> ConnectAsync(int nodeId, CancellationToken cancellationToken)
    {
        var address = AddressOf(nodeId);
        await WaitAsync(address, cancellationToken).ConfigureAwait(false);
        return await OpenAsync(address, options with { HasThread = true }, cancellationToken).ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        await _turn.WaitAsync().ConfigureAwait(false);
        try
        {
            _isDisposed = true;
            foreach (var connection in _connections.Values)
            {
                await connection.DisposeAsync().ConfigureAwait(false);
            }

            _connections.Clear();
        }
        finally
        {
            _turn.Release();
        }
    }

    private BrokerAddress AddressOf(int nodeId)
    {
        lock (_brokers)
        {
            return _brokers.TryGetValue(nodeId, out var address)
                ? address
                : throw new KafkaErrorException(ErrorCode.BrokerNotAvailable, $"Broker {nodeId}");
        }
    }

    private async Task<WireConnection> AnyAsync(CancellationToken cancellationToken)
    {
        // One that is connected has answered before; others are tried when there is none.
        List<BrokerAddress> known;
        lock (_brokers)
        {
            if (_connected is { IsClosed: false } connected && ++_asked % AsksOfOne != 0)
            {
                return connected;
            }

            // In turn: one that is cut off from its controllers would say the same for ever.
            known = [.. _brokers.Values.Skip(_turnOf % Math.Max(_brokers.Count, 1)), .. _brokers.Values];
            _turnOf++;
        }

        var reasons = new List<string>();
        KafkaAuthenticationException? refusal = null;

        // Those first that need not be left alone.
        foreach (var address in known.Concat(bootstrap).Distinct().OrderBy(_pauses.Left).ToList())
        {
            try
            {
                var connection = await SharedAsync(address, cancellationToken).ConfigureAwait(false);
                lock (_brokers)
                {
                    _connected = connection;
                }

                return connection;
            }
            catch (Exception unreachable) when (unreachable is System.Net.Sockets.SocketException or IOException or TimeoutException)
            {
                reasons.Add($"{address}: {unreachable.Message}");
            }
            catch (KafkaAuthenticationException refused)
            {
                refusal ??= refused; // another may have a certificate that is in order
            }
        }

        throw refusal ?? (Exception)new KafkaConnectionClosedException($"No broker can be reached. {string.Join("; ", reasons)}");
    }

    private async Task<WireConnection> SharedAsync(BrokerAddress address, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (await TryShareAsync(address, cancellationToken).ConfigureAwait(false) is { } connection)
            {
                return connection;
            }

            await WaitAsync(address, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <returns>Null when the broker is to be left alone; that is not waited for here, where others would wait too.</returns>
    private async Task<WireConnection?> TryShareAsync(BrokerAddress address, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            if (_connections.TryGetValue(address, out var open))
            {
                if (!open.IsClosed)
                {
                    return open;
                }

                _connections.Remove(address);
                await open.DisposeAsync().ConfigureAwait(false);
            }

            if (_pauses.Left(address) > TimeSpan.Zero)
            {
                return null;
            }

            var connection = await OpenAsync(address, options, cancellationToken).ConfigureAwait(false);
            _connections.Add(address, connection);
            return connection;
        }
        finally
        {
            _turn.Release();
        }
    }

    private async Task<WireConnection> OpenAsync(
        BrokerAddress address, KafkaConnectionOptions how, CancellationToken cancellationToken)
    {
        try
        {
            var connection = await WireConnection.OpenAsync(address, how, cancellationToken).ConfigureAwait(false);
            _pauses.OnConnected(address);
            return connection;
        }
        catch when (!cancellationToken.IsCancellationRequested)
        {
            _pauses.OnFailed(address);
            throw;
        }
    }

    private async Task WaitAsync(BrokerAddress address, CancellationToken cancellationToken)
    {
        // A timer may be early by a little.
        while (_pauses.Left(address) is { Ticks: > 0 } left)
        {
            await Task.Delay(left, options.TimeProvider, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>The brokers that there are; connections to those that are gone are closed.</summary>
    private async Task LearnAsync(MetadataResponse answer, CancellationToken cancellationToken)
    {
        lock (_brokers)
        {
            _brokers.Clear();
            foreach (var broker in answer.Brokers)
            {
                _brokers[broker.NodeId] = new BrokerAddress(broker.Host, broker.Port);
            }
        }

        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            foreach (var (address, closed) in _connections.Where(pair => pair.Value.IsClosed).ToList())
            {
                _connections.Remove(address);
                await closed.DisposeAsync().ConfigureAwait(false);
            }
        }
        finally
        {
            _turn.Release();
        }
    }
}

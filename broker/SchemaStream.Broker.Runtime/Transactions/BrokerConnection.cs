using System.Net.Sockets;
using SchemaStream.Broker.Metadata.Images;
using SchemaStream.Protocol;
using SchemaStream.Protocol.Client;

namespace SchemaStream.Broker.Runtime.Transactions;

/// <summary>
/// The way to one other broker: a connection that is made when it is needed, and anew when it broke or the broker is
/// somewhere else.
/// </summary>
internal sealed class BrokerConnection(Func<BrokerEndpoint?> endpointNow, KafkaConnectionOptions options) : IAsyncDisposable
{
    private readonly SemaphoreSlim _gate = new(1);
    private BrokerEndpoint? _endpoint;
    private KafkaConnection? _connection;
    private bool _isClosed;

    /// <summary>The response, or why there is none: nobody knows then what became of the request.</summary>
    /// <param name="cancellationToken">That this broker stops.</param>
    public async Task<(TResponse? Response, string? Failure)> SendAsync<TResponse>(
        IRequestMessage<TResponse> request, short version, CancellationToken cancellationToken)
        where TResponse : class, IResponseMessage, IApiMessage, new()
    {
        try
        {
            if (endpointNow() is not { } endpoint)
            {
                return (null, "it is not live");
            }

            var connection = await ConnectAsync(endpoint, cancellationToken).ConfigureAwait(false);
            return (await connection.SendAsync(request, version, cancellationToken).ConfigureAwait(false), null);
        }
        catch (Exception broken) when (
            broken is SocketException or IOException or TimeoutException or ProtocolException or ObjectDisposedException)
        {
            return (null, broken.Message);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return (null, "this broker stops");
        }
    }

    public async ValueTask DisposeAsync()
    {
        // The gate stays: it holds no handle, and late senders are still to be told.
        _isClosed = true;
        await _gate.WaitAsync().ConfigureAwait(false);
        try
        {
            await DisconnectAsync().ConfigureAwait(false);
        }
        finally
        {
            _gate.Release();
        }
    }

    private async Task<KafkaConnection> ConnectAsync(BrokerEndpoint endpoint, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            ObjectDisposedException.ThrowIf(_isClosed, this);
            if (_connection is { Closed.IsCompleted: false } open && _endpoint == endpoint)
            {
                return open;
            }

            await DisconnectAsync().ConfigureAwait(false);
            _connection = await KafkaConnection.ConnectAsync(endpoint.Host, endpoint.Port, options, cancellationToken)
                .ConfigureAwait(false);
            _endpoint = endpoint;
            return _connection;
        }
        finally
        {
            _gate.Release();
        }
    }

    private async ValueTask DisconnectAsync()
    {
        if (_connection is { } old)
        {
            _connection = null;
            await old.DisposeAsync().ConfigureAwait(false);
        }
    }
}

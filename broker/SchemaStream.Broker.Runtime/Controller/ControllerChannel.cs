using System.Net.Sockets;
using SchemaStream.Broker.Metadata.Commands;
using SchemaStream.Broker.Raft;
using SchemaStream.Broker.Runtime.Access;
using SchemaStream.Broker.Runtime.Controller.Wire;
using SchemaStream.Broker.Runtime.Quorum;
using SchemaStream.Protocol;
using SchemaStream.Protocol.Client;

namespace SchemaStream.Broker.Runtime.Controller;

/// <summary>
/// The way to the active controller on another node: one connection, to whichever node that is. What goes wrong on the way
/// is NETWORK_EXCEPTION; whether the controller has decided is not known then.
/// </summary>
internal sealed class ControllerChannel(string clusterId, IQuorumConnector connector) : IAsyncDisposable
{
    private readonly SemaphoreSlim _gate = new(1);
    private HostAndPort _endpoint;
    private IQuorumConnection? _connection;
    private bool _isClosed;

    public async ValueTask<ControllerAnswer<TReply>> SendAsync<TReply>(
        HostAndPort endpoint, ControllerCommand<TReply> command, CancellationToken cancellationToken)
        where TReply : class
    {
        var api = ControllerApis.Find(command)
            ?? throw new ArgumentException($"{command.GetType().Name} is no command that brokers send.", nameof(command));
        try
        {
            var connection = await ConnectAsync(endpoint, cancellationToken).ConfigureAwait(false);
            try
            {
                return await api.SendAsync(connection, command, clusterId, cancellationToken).ConfigureAwait(false);
            }
            catch (KafkaConnectionClosedException)
            {
                await ForgetAsync(connection).ConfigureAwait(false);
                throw;
            }
        }
        catch (Exception broken) when (
            broken is SocketException or IOException or TimeoutException or ProtocolException or ObjectDisposedException)
        {
            return new(ErrorCode.NetworkException, $"The controller at {endpoint} cannot be asked: {broken.Message}", null, -1);
        }
    }

    /// <summary>Lets go of a connection that may lead nowhere: the next command takes a new one.</summary>
    public ValueTask ResetAsync() => ForgetAsync(null);

    /// <summary>Whoever waits for an answer is told that the connection has ended.</summary>
    public async ValueTask DisposeAsync()
    {
        // The gate stays: it holds no handle, and late senders are still to be told.
        _isClosed = true;
        await ResetAsync().ConfigureAwait(false);
    }

    private async ValueTask<IQuorumConnection> ConnectAsync(HostAndPort endpoint, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            ObjectDisposedException.ThrowIf(_isClosed, this);
            if (_connection is { } open && _endpoint == endpoint)
            {
                return open;
            }

            await DisconnectAsync().ConfigureAwait(false);
            _connection = await connector.ConnectAsync(endpoint, cancellationToken).ConfigureAwait(false);
            _endpoint = endpoint;
            return _connection;
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <param name="broken">Only if it is this one that is open; null for any.</param>
    private async ValueTask ForgetAsync(IQuorumConnection? broken)
    {
        await _gate.WaitAsync().ConfigureAwait(false);
        try
        {
            if (broken is null || broken == _connection)
            {
                await DisconnectAsync().ConfigureAwait(false);
            }
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

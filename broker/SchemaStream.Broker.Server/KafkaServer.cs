using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using SchemaStream.Broker.Runtime.Lanes;
using SchemaStream.Broker.Server.Connections;
using SchemaStream.Broker.Server.Dispatch;
using SchemaStream.Broker.Server.Observation;

namespace SchemaStream.Broker.Server;

/// <summary>
/// The listener: accepts clients and runs a connection for each. <see cref="Bind"/> takes the port without opening it,
/// so that the broker can tell the cluster its address and still open only when requests will succeed.
/// </summary>
public sealed class KafkaServer : IAsyncDisposable
{
    private static readonly TimeSpan AcceptRetryDelay = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestSweepInterval = TimeSpan.FromSeconds(1);

    private readonly ServerOptions _options;
    private readonly TimeProvider _timeProvider;
    private readonly ILogger _logger;
    private readonly RequestMemory _memory;
    private readonly ConnectionTable _connections;
    private readonly ListenerCounts _counts;
    private readonly Socket _listener;
    private readonly CancellationTokenSource _stopping = new();
    private readonly AsyncSignal _drained = new();
    private DispatchTable? _table;
    private Task _accepting = Task.CompletedTask;
    private ITimer? _sweep;
    private long _lastConnectionId;
    private bool _isStopped;

    /// <param name="metrics">Of the node that this listener is of; null where no one watches.</param>
    public KafkaServer(ServerOptions options, TimeProvider timeProvider, ILoggerFactory loggerFactory, ServerMetrics? metrics = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
        _timeProvider = timeProvider;
        _logger = loggerFactory.CreateLogger<KafkaServer>();
        _memory = new RequestMemory(options.MaxQueuedRequestBytes);
        _connections = new ConnectionTable(options.MaxConnections, options.MaxConnectionsPerAddress);
        metrics ??= ServerMetrics.Unwatched(timeProvider);
        _counts = new ListenerCounts(
            options.ListenerName, metrics, () => _connections.Count, () => _memory.UsedBytes, timeProvider, _logger);
        metrics.Add(_counts);
        _listener = new Socket(options.Address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
    }

    public IPEndPoint LocalEndPoint => (IPEndPoint)_listener.LocalEndPoint!;

    public int ConnectionCount => _connections.Count;

    /// <summary>Takes the port; clients are still turned away.</summary>
    public IPEndPoint Bind()
    {
        _listener.Bind(new IPEndPoint(_options.Address, _options.Port));
        return LocalEndPoint;
    }

    /// <summary>Opens the port.</summary>
    /// <param name="table">What is served.</param>
    /// <param name="limits">What may be set while the server runs; null where nothing may.</param>
    public void Start(DispatchTable table, ConnectionLimits? limits = null)
    {
        ArgumentNullException.ThrowIfNull(table);
        _connections.Limits = limits;
        _listener.Listen(_options.Backlog);
        _table = table;
        _accepting = AcceptAsync();
        var interval = Min(LongestSweepInterval, Min(_options.MaxIdle, _options.MaxFrameStall) / 2);
        _sweep = _timeProvider.CreateTimer(static server => ((KafkaServer)server!).Sweep(), this, interval, interval);
        _logger.Listening(LocalEndPoint, _options.ListenerName);
    }

    /// <summary>Closes the port, answers what is under way within <see cref="ServerOptions.DrainTimeout"/>, then cuts.</summary>
    public async Task StopAsync(CancellationToken cancellationToken = default)
    {
        if (Interlocked.Exchange(ref _isStopped, true))
        {
            return;
        }

        await _stopping.CancelAsync().ConfigureAwait(false);
        _listener.Dispose();
        _connections.WakeAcceptLoop();
        await _accepting.ConfigureAwait(false);
        if (_sweep is not null)
        {
            await _sweep.DisposeAsync().ConfigureAwait(false);
        }

        if (_table is not null)
        {
            await DrainAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync().ConfigureAwait(false);
        _stopping.Dispose();
    }

    private async Task DrainAsync(CancellationToken cancellationToken)
    {
        var open = _connections.Snapshot();
        _logger.Draining(open.Count);
        foreach (var connection in open)
        {
            connection.StopReading();
        }

        using var limit = new CancellationTokenSource(_options.DrainTimeout, _timeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        await using var cut = either.Token.Register(CutAll).ConfigureAwait(false);
        while (_connections.Count > 0)
        {
            await _drained.WaitAsync().ConfigureAwait(false);
        }
    }

    private void CutAll()
    {
        var left = _connections.Snapshot();
        _logger.DrainTimedOut(left.Count, _options.DrainTimeout);
        foreach (var connection in left)
        {
            connection.Abort();
        }
    }

    private async Task AcceptAsync()
    {
        while (!_stopping.IsCancellationRequested)
        {
            if (_connections.IsFull)
            {
                _counts.LoggerFor(new IPEndPoint(_options.Address, _options.Port)).TooManyConnections(_connections.Count);
                await WaitForRoomAsync().ConfigureAwait(false);
                continue;
            }

            try
            {
                Admit(await _listener.AcceptAsync(_stopping.Token).ConfigureAwait(false));
            }
            catch (Exception closed) when (closed is OperationCanceledException or ObjectDisposedException)
            {
                return;
            }
            catch (SocketException) when (_stopping.IsCancellationRequested)
            {
                return;
            }
            catch (SocketException fault)
            {
                // Out of file handles, mostly: others may close some.
                _logger.AcceptFailed(fault, AcceptRetryDelay);
                await Task.Delay(AcceptRetryDelay, _timeProvider, CancellationToken.None).ConfigureAwait(false);
            }
        }
    }

    private async Task WaitForRoomAsync()
    {
        while (_connections.IsFull && !_stopping.IsCancellationRequested)
        {
            await _connections.WaitForRoomAsync().ConfigureAwait(false);
        }
    }

    private void Admit(Socket socket)
    {
        if (!TryPrepare(socket, out var remote))
        {
            socket.Dispose();
            return;
        }

        if (_table!.Quotas?.TryConnect(remote.Address) == false)
        {
            _counts.Refuse();
            _counts.LoggerFor(remote).ConnectionsTooFast(remote);
            socket.Dispose();
            return;
        }

        if (!_connections.TryTakePlace(remote.Address, out var count))
        {
            _counts.Refuse();
            _counts.LoggerFor(remote).TooManyConnectionsFromAddress(remote, count);
            socket.Dispose();
            return;
        }

        var identity = new ConnectionIdentity(++_lastConnectionId, _options.ListenerName, remote);
        var connection = new Connection(
            identity, new SocketTransport(socket), _options, _table, _memory, _counts, _timeProvider, _logger);
        _connections.Add(connection);
        _counts.Accept();
        _logger.Connected(remote);
        _ = RunAsync(connection);
    }

    /// <summary>False when the client has gone between the kernel's accept and ours.</summary>
    private static bool TryPrepare(Socket socket, [NotNullWhen(true)] out IPEndPoint? remote)
    {
        try
        {
            socket.NoDelay = true;
            remote = socket.RemoteEndPoint as IPEndPoint;
        }
        catch (SocketException)
        {
            remote = null;
        }

        return remote is not null;
    }

    private async Task RunAsync(Connection connection)
    {
        // The accept loop goes on at once.
        await Task.Yield();
        try
        {
            await connection.RunAsync().ConfigureAwait(false);
        }
        catch (Exception fault)
        {
            // The border between one client and everyone else.
            _logger.ConnectionFailed(fault, connection.Identity.Remote);
            connection.Abort();
        }
        finally
        {
            _connections.Remove(connection);
            connection.Dispose();
            _drained.Set();
        }
    }

    private void Sweep()
    {
        CloseIdle();

        // No one else tells that max.connections was raised.
        _connections.WakeAcceptLoop();
    }

    private void CloseIdle()
    {
        foreach (var connection in _connections.Snapshot())
        {
            var limit = connection.Activity.IsInsideFrame ? _options.MaxFrameStall : _options.MaxIdle;
            var quiet = connection.Activity.Quiet;
            if (quiet > limit && !connection.IsWorking)
            {
                _counts.LoggerFor(connection.Identity.Remote).ConnectionIdle(connection.Identity.Remote, quiet, limit);
                connection.Abort();
            }
        }
    }

    private static TimeSpan Min(TimeSpan left, TimeSpan right) => left < right ? left : right;
}

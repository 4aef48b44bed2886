using System.Buffers.Binary;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace SchemaStream.Protocol.Client;

/// <summary>
/// One connection to one broker. Requests may be sent one after another without waiting; the broker answers in their order.
/// </summary>
public sealed partial class KafkaConnection : IAsyncDisposable
{
    private readonly Socket _socket;

    // Null on a plain connection: that goes to the socket itself.
    private readonly SslStream? _tls;
    private readonly KafkaConnectionOptions _options;
    private readonly string _address;
    private readonly SemaphoreSlim _sendTurn = new(1, 1);
    private readonly SemaphoreSlim _inFlight;
    private readonly Lock _lock = new();
    private readonly Queue<PendingResponse> _pending = new();
    private readonly Stack<PooledExchange> _freeExchanges = new();
    private readonly Action<PooledExchange> _freeExchange;
    private readonly FramePool _frames = new();
    private readonly RequestOutput _output = new();
    private readonly List<ArraySegment<byte>> _pieces = [];
    private readonly ITimer? _timeouts;
    private readonly Task _reading;
    private Exception? _fault;
    private int _lastCorrelationId;

    private KafkaConnection(string address, Socket socket, SslStream? tls, KafkaConnectionOptions options)
    {
        _address = address;
        _socket = socket;
        _tls = tls;
        _options = options;
        _inFlight = new SemaphoreSlim(options.MaxInFlightRequests, options.MaxInFlightRequests);
        _freeExchange = Free;
        _timeouts = StartTimeouts();
        _reading = options.HasThread
            ? Task.Factory.StartNew(ReadAsync, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default).Unwrap()
            : Task.Run(ReadAsync);
    }

    public EndPoint? LocalEndPoint => _socket.LocalEndPoint;

    /// <summary>Completes when the connection has ended, whoever ended it.</summary>
    public Task Closed => _reading;

    /// <summary>
    /// Sends a request and waits for its response, whose byte fields lie in memory that belongs to it alone.
    /// A cancelled wait leaves the request sent.
    /// </summary>
    /// <exception cref="KafkaConnectionClosedException">The connection ended first, or the broker took longer than the time-out.</exception>
    public async Task<TResponse> SendAsync<TResponse>(
        IRequestMessage<TResponse> request, short version, CancellationToken cancellationToken = default)
        where TResponse : IResponseMessage, IApiMessage, new()
    {
        await _inFlight.WaitAsync(cancellationToken).ConfigureAwait(false);
        var pending = new PendingResponse<TResponse>(version);
        await BeginAsync(request, version, TResponse.FirstFlexibleVersion, pending, cancellationToken).ConfigureAwait(false);
        return await pending.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// As the other, for an exchange that comes again and again: the response is read into <paramref name="response"/>,
    /// whatever it held before, and its byte fields lie in memory that is lent until the result is disposed.
    /// Allocates nothing of its own. The response object is the caller's again once this has completed, however it did.
    /// </summary>
    /// <exception cref="KafkaConnectionClosedException">The connection ended first, or the broker took longer than the time-out.</exception>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<PooledResponse> SendAsync<TResponse>(
        IRequestMessage<TResponse> request, short version, TResponse response, CancellationToken cancellationToken)
        where TResponse : IResponseMessage, IApiMessage, new()
    {
        var sent = await SendAheadAsync(request, version, response, cancellationToken).ConfigureAwait(false);
        return await sent.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// As the other, completed once the request is on its way: more can be sent before it is answered. However that went,
    /// the result says, which must be waited for once.
    /// </summary>
    /// <remarks>The memory of the request's payloads is the caller's again once this has completed.</remarks>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<SentRequest> SendAheadAsync<TResponse>(
        IRequestMessage<TResponse> request, short version, TResponse response, CancellationToken cancellationToken)
        where TResponse : IResponseMessage, IApiMessage, new()
    {
        await _inFlight.WaitAsync(cancellationToken).ConfigureAwait(false);
        var exchange = TakeExchange().Begin(response, version, version >= TResponse.FirstFlexibleVersion);
        try
        {
            await BeginAsync(request, version, TResponse.FirstFlexibleVersion, exchange, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception unsent)
        {
            // Told by way of the exchange: a response that comes all the same may be on its way into the object.
            exchange.Abandon(unsent);
        }

        return new SentRequest(exchange, _options.HasThread);
    }

    /// <summary>Sends a request that the protocol has no response to (Produce with acks=0).</summary>
    public async Task SendWithoutResponseAsync<TResponse>(
        IRequestMessage<TResponse> request, short version, CancellationToken cancellationToken = default)
        where TResponse : IResponseMessage, IApiMessage, new()
    {
        await _sendTurn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            Encode(request, version, TResponse.FirstFlexibleVersion, ++_lastCorrelationId);
            await SendFrameAsync().ConfigureAwait(false);
        }
        finally
        {
            _sendTurn.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        _socket.Dispose();
        await _reading.ConfigureAwait(false);

        // The two semaphores stay as they are: senders that queue at them are still to be told, and they hold no handle.
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask BeginAsync(
        IRequestMessage request, short version, short firstFlexibleVersion, PendingResponse pending, CancellationToken cancellationToken)
    {
        var isPending = false;
        try
        {
            await _sendTurn.WaitAsync(cancellationToken).ConfigureAwait(false);
            try
            {
                pending.CorrelationId = ++_lastCorrelationId;
                Encode(request, version, firstFlexibleVersion, pending.CorrelationId);
                Enqueue(pending);
                isPending = true;
                await SendFrameAsync().ConfigureAwait(false);
            }
            finally
            {
                _sendTurn.Release();
            }
        }
        finally
        {
            if (!isPending)
            {
                _inFlight.Release();
            }
        }
    }

    private void Encode(IRequestMessage request, short version, short firstFlexibleVersion, int correlationId)
    {
        _output.Begin();
        var writer = new KafkaWriter(_output);
        writer.WriteInt32(0);
        var header = new RequestHeader(request.Api, version, correlationId, _options.ClientId);
        header.Write(ref writer, RequestHeader.VersionFor(version >= firstFlexibleVersion));
        request.Write(ref writer, version);
        writer.Flush();
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask SendFrameAsync()
    {
        // The length before it is known only now.
        BinaryPrimitives.WriteInt32BigEndian(_output.Written, checked((int)(_output.Length - sizeof(int))));
        try
        {
            if (_options.HasThread)
            {
                SendPieces();
                return;
            }

            // Not cancelled half way: the rest of a frame is owed to the broker.
            for (var index = 0; index < _output.PieceCount; index++)
            {
                var piece = _output.Piece(index);
                if (_tls is not null)
                {
                    await _tls.WriteAsync(piece).ConfigureAwait(false);
                    continue;
                }

                while (piece.Length > 0)
                {
                    piece = piece[await _socket.SendAsync(piece, SocketFlags.None).ConfigureAwait(false)..];
                }
            }
        }
        catch (Exception broken) when (broken is SocketException or ObjectDisposedException or IOException)
        {
            throw new KafkaConnectionClosedException("The connection closed while a request was sent", broken);
        }
        finally
        {
            _output.DropReferences();
            _pieces.Clear();
        }
    }

    /// <summary>Blocks until the socket has taken all: one call, where the pieces need not be encrypted.</summary>
    private void SendPieces()
    {
        for (var index = 0; index < _output.PieceCount; index++)
        {
            var piece = _output.Piece(index);
            if (_tls is not null)
            {
                _tls.Write(piece.Span);
            }
            else if (piece.Length > 0)
            {
                _pieces.Add(MemoryMarshal.TryGetArray(piece, out var array) ? array : piece.ToArray());
            }
        }

        if (_pieces.Count > 0)
        {
            _socket.Send(_pieces);
        }
    }

    private void Enqueue(PendingResponse pending)
    {
        pending.SentAt = _options.TimeProvider.GetTimestamp();
        lock (_lock)
        {
            if (_fault is not null)
            {
                throw new KafkaConnectionClosedException("The connection is closed", _fault);
            }

            _pending.Enqueue(pending);
        }
    }

    private PooledExchange TakeExchange()
    {
        lock (_lock)
        {
            return _freeExchanges.TryPop(out var exchange) ? exchange : new PooledExchange(_frames, _freeExchange);
        }
    }

    private void Free(PooledExchange exchange)
    {
        lock (_lock)
        {
            _freeExchanges.Push(exchange);
        }
    }
}

using System.Buffers.Binary;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using SchemaStream.Protocol.Client.Security;

namespace SchemaStream.Protocol.Client;

/// <summary>Responses as they come, and what becomes of those that do not.</summary>
public sealed partial class KafkaConnection
{
    // A request is noticed to be late by a part of its time-out at most.
    private const int LooksPerTimeout = 8;

    private readonly byte[] _prefix = new byte[sizeof(int)];
    private Exception? _endedBy;
    private bool _hasReceived;

    private async Task ReadAsync()
    {
        Exception fault;
        try
        {
            while (await ReadLengthAsync().ConfigureAwait(false) is { } length)
            {
                if (!await ReadResponseAsync(length).ConfigureAwait(false))
                {
                    break;
                }
            }

            fault = _endedBy ?? new KafkaConnectionClosedException(
                _tls is not null && !_hasReceived
                    ? "The broker closed the connection right after the TLS handshake, as one may that asks for a client's certificate"
                    : "The broker closed the connection");
        }
        catch (Exception broken)
        {
            // Whatever it was, by the socket or by who went on in this thread: those that wait are told.
            fault = _endedBy ?? RefusalOf(broken) ?? (Exception)new KafkaConnectionClosedException("The connection ended: " + broken.Message, broken);
        }

        _timeouts?.Dispose();
        FailAll(fault);
        _socket.Dispose();
        if (_tls is not null)
        {
            await _tls.DisposeAsync().ConfigureAwait(false);
        }
    }

    /// <summary>
    /// With TLS 1.3 a client's handshake is done before the broker has looked at the client's certificate: that it does not
    /// like it is the first that is heard.
    /// </summary>
    private KafkaAuthenticationException? RefusalOf(Exception broken) =>
        _tls is not null && !_hasReceived && broken is IOException { InnerException: { } alert and not (SocketException or ObjectDisposedException) }
            ? new KafkaAuthenticationException(
                $"{_address} ended the connection after the TLS handshake: {alert.GetBaseException().Message}", RefusalKind.Encryption, broken)
            : null;

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<int?> ReadLengthAsync()
    {
        if (!await FillAsync(_prefix).ConfigureAwait(false))
        {
            return null;
        }

        var length = BinaryPrimitives.ReadInt32BigEndian(_prefix);
        return length >= 0 && length <= _options.MaxResponseBytes
            ? length
            : throw new ProtocolException($"Response length: expected 0 to {_options.MaxResponseBytes}, found {length}");
    }

    /// <summary>False when the connection closed in the middle of the response.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<bool> ReadResponseAsync(int length)
    {
        PendingResponse? pending;
        lock (_lock)
        {
            if (!_pending.TryPeek(out pending))
            {
                throw new ProtocolException("Response: expected none, as no request is unanswered, found one");
            }
        }

        // In the queue until its frame is whole: whoever ends the connection before that fails it with all others.
        if (!await FillAsync(pending.Frame(length)).ConfigureAwait(false))
        {
            return false;
        }

        TakeOldest();
        _inFlight.Release();
        pending.Complete();
        return true;
    }

    private void FailAll(Exception fault)
    {
        lock (_lock)
        {
            _fault = fault;
        }

        // Nothing is added any more.
        while (TakeOldest() is { } pending)
        {
            pending.Fail(fault);
            _inFlight.Release();
        }
    }

    private PendingResponse? TakeOldest()
    {
        lock (_lock)
        {
            return _pending.TryDequeue(out var pending) ? pending : null;
        }
    }

    private ITimer? StartTimeouts()
    {
        if (_options.RequestTimeout == Timeout.InfiniteTimeSpan)
        {
            return null;
        }

        var period = _options.RequestTimeout / LooksPerTimeout;
        return _options.TimeProvider.CreateTimer(static state => ((KafkaConnection)state!).CloseWhenLate(), this, period, period);
    }

    private void CloseWhenLate()
    {
        lock (_lock)
        {
            if (!_pending.TryPeek(out var oldest)
                || _options.TimeProvider.GetElapsedTime(oldest.SentAt) < _options.RequestTimeout)
            {
                return;
            }

            _endedBy ??= new KafkaConnectionClosedException(
                $"The broker did not answer within {_options.RequestTimeout}", new TimeoutException());
        }

        _socket.Dispose();
    }

    private ValueTask<bool> FillAsync(Memory<byte> buffer) =>
        _options.HasThread ? new ValueTask<bool>(Fill(buffer.Span)) : FillByPoolAsync(buffer);

    private bool Fill(Span<byte> buffer)
    {
        while (buffer.Length > 0)
        {
            var received = _tls is null ? _socket.Receive(buffer) : _tls.Read(buffer);
            if (received == 0)
            {
                return false;
            }

            _hasReceived = true;
            buffer = buffer[received..];
        }

        return true;
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<bool> FillByPoolAsync(Memory<byte> buffer)
    {
        while (buffer.Length > 0)
        {
            var received = _tls is null
                ? await _socket.ReceiveAsync(buffer, SocketFlags.None).ConfigureAwait(false)
                : await _tls.ReadAsync(buffer).ConfigureAwait(false);
            if (received == 0)
            {
                return false;
            }

            _hasReceived = true;
            buffer = buffer[received..];
        }

        return true;
    }
}

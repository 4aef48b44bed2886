using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace SchemaStream.Broker.Server.Connections;

/// <summary>Cuts a connection's bytes into requests: a length of four bytes, then so many bytes.</summary>
/// <remarks>
/// A receive buffer takes in what has arrived, so that small requests cost one system call;
/// what is left of a large one is received straight into its frame.
/// </remarks>
internal sealed class FrameReader(
    IConnectionTransport transport, RequestMemory memory, int maxRequestBytes, ConnectionActivity activity) : IDisposable
{
    private const int ReceiveBufferBytes = 8 * 1024;
    private const int LengthBytes = sizeof(int);

    private byte[]? _buffer = ArrayPool<byte>.Shared.Rent(ReceiveBufferBytes);
    private int _start;
    private int _end;

    private int BufferedBytes => _end - _start;

    /// <summary>The next request, or null when the client has closed (also in the middle of a frame: there is no one to tell).</summary>
    /// <exception cref="RefusedFrameException">The length is no request's.</exception>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<RequestFrame?> ReadAsync(CancellationToken cancellation)
    {
        while (BufferedBytes < LengthBytes)
        {
            if (!await ReceiveAsync(cancellation).ConfigureAwait(false))
            {
                return null;
            }
        }

        var length = BinaryPrimitives.ReadInt32BigEndian(_buffer.AsSpan(_start));
        if (length < 0 || length > maxRequestBytes)
        {
            throw new RefusedFrameException(length, maxRequestBytes);
        }

        _start += LengthBytes;
        await memory.ReserveAsync(length, cancellation).ConfigureAwait(false);
        var frame = memory.RentFrame(length);
        var whole = false;
        try
        {
            whole = await FillAsync(frame, cancellation).ConfigureAwait(false);
        }
        finally
        {
            activity.EndFrame();
            if (!whole)
            {
                frame.Dispose();
            }
        }

        return whole ? frame : null;
    }

    public void Dispose()
    {
        var buffer = Interlocked.Exchange(ref _buffer, null);
        if (buffer is not null)
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<bool> FillAsync(RequestFrame frame, CancellationToken cancellation)
    {
        var bytes = frame.Bytes;
        var filled = Math.Min(bytes.Length, BufferedBytes);
        _buffer.AsSpan(_start, filled).CopyTo(bytes.Span);
        _start += filled;
        if (filled < bytes.Length)
        {
            activity.BeginFrame();
        }

        while (filled < bytes.Length)
        {
            var remaining = bytes[filled..];
            if (remaining.Length < ReceiveBufferBytes)
            {
                // The rest is small: take along what follows it.
                if (!await ReceiveAsync(cancellation).ConfigureAwait(false))
                {
                    return false;
                }

                var taken = Math.Min(remaining.Length, BufferedBytes);
                _buffer.AsSpan(_start, taken).CopyTo(remaining.Span);
                _start += taken;
                filled += taken;
                continue;
            }

            var received = await transport.ReceiveAsync(remaining, cancellation).ConfigureAwait(false);
            if (received == 0)
            {
                return false;
            }

            activity.Touch();
            filled += received;
        }

        return true;
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<bool> ReceiveAsync(CancellationToken cancellation)
    {
        if (BufferedBytes == 0)
        {
            _start = _end = 0;
        }
        else if (_end == _buffer!.Length)
        {
            _buffer.AsSpan(_start, BufferedBytes).CopyTo(_buffer);
            _end -= _start;
            _start = 0;
        }

        var received = await transport.ReceiveAsync(_buffer.AsMemory(_end), cancellation).ConfigureAwait(false);
        _end += received;
        if (received > 0)
        {
            activity.Touch();
        }

        return received > 0;
    }
}

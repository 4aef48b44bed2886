using System.Buffers;

namespace SchemaStream.Broker.Server.Connections;

/// <summary>
/// The bytes of one request. Decoded requests slice it (a produced batch goes from here to disk), so it lives
/// until the request is answered.
/// </summary>
internal sealed class RequestFrame : IDisposable
{
    private readonly RequestMemory _memory;
    private byte[]? _buffer;

    /// <summary>Takes over a reservation of <paramref name="length"/> bytes.</summary>
    public RequestFrame(RequestMemory memory, int length)
    {
        _memory = memory;
        Length = length;
        _buffer = ArrayPool<byte>.Shared.Rent(length);
    }

    public int Length { get; }

    public Memory<byte> Bytes => (_buffer ?? throw new ObjectDisposedException(nameof(RequestFrame))).AsMemory(0, Length);

    public void Dispose()
    {
        var buffer = Interlocked.Exchange(ref _buffer, null);
        if (buffer is not null)
        {
            ArrayPool<byte>.Shared.Return(buffer);
            _memory.Release(Length);
        }
    }
}

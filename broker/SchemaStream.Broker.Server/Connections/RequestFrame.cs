using System.Buffers;

namespace SchemaStream.Broker.Server.Connections;

/// <summary>
/// The bytes of one request. Decoded requests slice it (a produced batch goes from here to disk), so it lives
/// until the request is answered. Then it is another request's: it is disposed once, by whoever has it.
/// </summary>
internal sealed class RequestFrame(RequestMemory memory) : IDisposable
{
    private byte[]? _buffer;

    public int Length { get; private set; }

    public Memory<byte> Bytes => (_buffer ?? throw new ObjectDisposedException(nameof(RequestFrame))).AsMemory(0, Length);

    /// <summary>Takes over a reservation of <paramref name="length"/> bytes.</summary>
    public void Begin(int length)
    {
        Length = length;
        _buffer = ArrayPool<byte>.Shared.Rent(length);
    }

    public void Dispose()
    {
        var buffer = Interlocked.Exchange(ref _buffer, null);
        if (buffer is not null)
        {
            ArrayPool<byte>.Shared.Return(buffer);
            memory.Return(this);
        }
    }
}

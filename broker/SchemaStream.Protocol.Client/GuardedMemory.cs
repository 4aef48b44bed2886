#if DEBUG
using System.Buffers;

namespace SchemaStream.Protocol.Client;

/// <summary>Memory that throws once it was given back, where plain memory would show another response's bytes.</summary>
internal sealed class GuardedMemory(byte[] buffer, int length) : MemoryManager<byte>
{
    private volatile byte[]? _buffer = buffer;

    private byte[] Open => _buffer ?? throw new ObjectDisposedException(nameof(PooledResponse), "The response was given back");

    public void Close() => _buffer = null;

    public override Span<byte> GetSpan() => Open.AsSpan(0, length);

    public override MemoryHandle Pin(int elementIndex = 0) => Open.AsMemory(elementIndex, length - elementIndex).Pin();

    public override void Unpin()
    {
        // The handle that Pin gave out unpins the array itself.
    }

    protected override bool TryGetArray(out ArraySegment<byte> segment)
    {
        segment = new ArraySegment<byte>(Open, 0, length);
        return true;
    }

    protected override void Dispose(bool disposing) => Close();
}
#endif

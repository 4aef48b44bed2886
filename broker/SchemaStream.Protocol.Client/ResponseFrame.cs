using System.Buffers;

namespace SchemaStream.Protocol.Client;

/// <summary>Memory that one response after another is received into, lent out to whoever reads the response.</summary>
/// <remarks>Loans are counted, so that one that was given back cannot give back the next one.</remarks>
#pragma warning disable CA1001 // The guard of a Debug build ends with its loan, and holds nothing else.
internal sealed class ResponseFrame(FramePool pool)
#pragma warning restore CA1001 // Back to the rule.
{
    private readonly Lock _lock = new();
    private byte[]? _buffer;
    private int _length;
    private int _loan;
#if DEBUG
    private GuardedMemory? _guard;
#endif

    /// <summary>Begins a loan of so many bytes.</summary>
    public PooledResponse Rent(int length, out Memory<byte> bytes)
    {
        lock (_lock)
        {
            _buffer = ArrayPool<byte>.Shared.Rent(length);
            _length = length;
#if DEBUG
            _guard = new GuardedMemory(_buffer, length);
            bytes = _guard.Memory;
#else
            bytes = _buffer.AsMemory(0, length);
#endif
            return new PooledResponse(this, ++_loan);
        }
    }

    public int LengthOf(int loan)
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_buffer is null || loan != _loan, typeof(PooledResponse));
            return _length;
        }
    }

    public void Return(int loan)
    {
        lock (_lock)
        {
            if (_buffer is null || loan != _loan)
            {
                return;
            }

#if DEBUG
            _guard!.Close();
            _guard = null;
#endif
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = null;
        }

        pool.Return(this);
    }
}

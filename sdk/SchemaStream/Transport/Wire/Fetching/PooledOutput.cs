using System.Buffers;

namespace SchemaStream.Transport.Wire.Fetching;

/// <summary>What a batch is unpacked into: an array of the shared pool that grows.</summary>
internal sealed class PooledOutput : IBufferWriter<byte>
{
    private const int LeastBytes = 4096;

    private byte[] _array = [];
    private int _written;

    /// <summary>Begins with room for as much as is likely.</summary>
    /// <param name="likely">A guess; more is made when needed.</param>
    public void Begin(int likely)
    {
        GiveBack();
        _array = ArrayPool<byte>.Shared.Rent(Math.Max(likely, LeastBytes));
    }

    /// <summary>Hands over what was written, and the array that it is in.</summary>
    /// <param name="written">The bytes.</param>
    public byte[] Take(out ReadOnlyMemory<byte> written)
    {
        var array = _array;
        written = array.AsMemory(0, _written);
        (_array, _written) = ([], 0);
        return array;
    }

    /// <summary>Forgets what was written.</summary>
    public void GiveBack()
    {
        if (_array.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_array);
        }

        (_array, _written) = ([], 0);
    }

    public void Advance(int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, _array.Length - _written);
        _written += count;
    }

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        MakeRoom(sizeHint);
        return _array.AsMemory(_written);
    }

    public Span<byte> GetSpan(int sizeHint = 0)
    {
        MakeRoom(sizeHint);
        return _array.AsSpan(_written);
    }

    private void MakeRoom(int sizeHint)
    {
        var needed = checked(_written + Math.Max(sizeHint, 1));
        if (needed <= _array.Length)
        {
            return;
        }

        var larger = ArrayPool<byte>.Shared.Rent((int)Math.Min(Array.MaxLength, Math.Max(needed, _array.Length * 2L)));
        _array.AsSpan(0, _written).CopyTo(larger);
        var written = _written;
        GiveBack();
        (_array, _written) = (larger, written);
    }
}

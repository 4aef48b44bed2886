using System.Buffers;

namespace SchemaStream.Json.Validation;

/// <summary>A buffer of the thread: what is written is looked at before anyone else sees it.</summary>
internal sealed class ScratchBuffer : IBufferWriter<byte>
{
    private const int FirstBytes = 4 * 1024;

    /// <summary>A larger one is let go: one large value does not hold memory for ever.</summary>
    private const int MostKeptBytes = 1024 * 1024;

    [ThreadStatic]
    private static ScratchBuffer? _ofThread;

    private byte[] _bytes = new byte[FirstBytes];
    private int _length;

    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, _length);

    /// <summary>The thread's buffer, empty; a new one while a converter that serializes within has it.</summary>
    public static ScratchBuffer Rent()
    {
        var buffer = _ofThread ?? new ScratchBuffer();
        _ofThread = null;
        buffer._length = 0;
        return buffer;
    }

    public void Return()
    {
        if (_bytes.Length <= MostKeptBytes)
        {
            _ofThread = this;
        }
    }

    public void CopyTo(IBufferWriter<byte> output)
    {
        Written.CopyTo(output.GetSpan(_length));
        output.Advance(_length);
    }

    public void Advance(int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)count, (uint)(_bytes.Length - _length));
        _length += count;
    }

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        MakeRoom(sizeHint);
        return _bytes.AsMemory(_length);
    }

    public Span<byte> GetSpan(int sizeHint = 0)
    {
        MakeRoom(sizeHint);
        return _bytes.AsSpan(_length);
    }

    private void MakeRoom(int sizeHint)
    {
        var needed = Math.Max(sizeHint, 1);
        if (_bytes.Length - _length < needed)
        {
            Array.Resize(ref _bytes, (int)Math.Max(Math.Min(2L * _bytes.Length, Array.MaxLength), (long)_length + needed));
        }
    }
}

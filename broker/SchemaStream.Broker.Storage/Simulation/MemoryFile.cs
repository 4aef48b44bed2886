namespace SchemaStream.Broker.Storage.Simulation;

/// <summary>The content of a file on a simulated disk: as it is, and as it would be after a loss of power.</summary>
internal sealed class MemoryFile
{
    private byte[] _bytes = [];
    private byte[] _durable = [];

    // What was written since the last flush, from this byte on; earlier bytes are the same in both contents.
    private long _dirtyFrom = long.MaxValue;

    public long Length { get; private set; }

    public long LastWriteMs { get; set; }

    public int Read(long position, Span<byte> destination)
    {
        var count = (int)Math.Clamp(Length - position, 0, destination.Length);
        if (count > 0)
        {
            _bytes.AsSpan((int)position, count).CopyTo(destination);
        }

        return count;
    }

    public void Write(long position, ReadOnlySpan<byte> source)
    {
        EnsureCapacity(position + source.Length);
        source.CopyTo(_bytes.AsSpan((int)position));
        Length = Math.Max(Length, position + source.Length);
        _dirtyFrom = Math.Min(_dirtyFrom, position);
    }

    public void Truncate(long length)
    {
        EnsureCapacity(length);
        if (length < Length)
        {
            _bytes.AsSpan((int)length, (int)(Length - length)).Clear();
        }

        _dirtyFrom = Math.Min(_dirtyFrom, Math.Min(length, Length));
        Length = length;
    }

    public void Flush()
    {
        if (_dirtyFrom == long.MaxValue && _durable.Length == Length)
        {
            return;
        }

        _durable = _bytes.AsSpan(0, (int)Length).ToArray();
        _dirtyFrom = long.MaxValue;
    }

    /// <summary>
    /// Loses power: what was not flushed is gone, or, as real disks do, a beginning of it is there and the byte where it
    /// stops may be anything.
    /// </summary>
    public void LosePower(Random random)
    {
        if (_dirtyFrom == long.MaxValue)
        {
            return;
        }

        var kept = random.Next(3) switch
        {
            0 => (byte[])_durable.Clone(),
            1 => _bytes.AsSpan(0, (int)Length).ToArray(),
            _ => Torn(random),
        };
        _bytes = kept;
        _durable = (byte[])kept.Clone();
        Length = kept.Length;
        _dirtyFrom = long.MaxValue;
    }

    private byte[] Torn(Random random)
    {
        var from = Math.Min(_dirtyFrom, Length);
        var length = from + random.NextInt64(Length - from + 1);
        var torn = _bytes.AsSpan(0, (int)length).ToArray();
        if (length > from)
        {
            torn[^1] = (byte)random.Next(256);
        }

        return torn;
    }

    private void EnsureCapacity(long length)
    {
        if (length > _bytes.Length)
        {
            Array.Resize(ref _bytes, (int)Math.Max(length, Math.Min(2L * _bytes.Length, Array.MaxLength)));
        }
    }
}

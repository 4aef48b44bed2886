namespace SchemaStream.Protocol.Client;

/// <summary>
/// A request on its way out: what is written, in one array that is used again, and the payloads between, which stay where
/// they are. Nothing is copied but what is small.
/// </summary>
internal sealed class RequestOutput : IPayloadOutput
{
    private const int FirstBytes = 1024;

    // A larger request's memory is not kept for the next one.
    private const int MostKeptBytes = 1024 * 1024;

    private readonly List<Reference> _references = [];
    private byte[] _bytes = new byte[FirstBytes];
    private int _written;
    private long _referenced;

    /// <summary>Bytes of the whole request.</summary>
    public long Length => _written + _referenced;

    /// <summary>How many pieces it is sent in.</summary>
    public int PieceCount => (2 * _references.Count) + 1;

    /// <summary>What was written, to be changed in place; payloads are not in it.</summary>
    public Span<byte> Written => _bytes.AsSpan(0, _written);

    /// <summary>A piece, in their order: what was written and payloads take turns; empty where one follows another.</summary>
    public ReadOnlyMemory<byte> Piece(int index)
    {
        var at = index / 2;
        if (index % 2 == 1)
        {
            return _references[at].Payload;
        }

        var start = at == 0 ? 0 : _references[at - 1].At;
        var end = at == _references.Count ? _written : _references[at].At;
        return _bytes.AsMemory(start, end - start);
    }

    /// <summary>Begins an empty request.</summary>
    public void Begin()
    {
        if (_bytes.Length > MostKeptBytes)
        {
            _bytes = new byte[FirstBytes];
        }

        _references.Clear();
        (_written, _referenced) = (0, 0);
    }

    /// <summary>The payloads are their owners' again.</summary>
    public void DropReferences() => _references.Clear();

    public void AppendReference(ReadOnlyMemory<byte> payload)
    {
        _references.Add(new Reference(_written, payload));
        _referenced += payload.Length;
    }

    public void Advance(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, _bytes.Length - _written);
        _written += count;
    }

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        MakeRoom(sizeHint);
        return _bytes.AsMemory(_written);
    }

    public Span<byte> GetSpan(int sizeHint = 0)
    {
        MakeRoom(sizeHint);
        return _bytes.AsSpan(_written);
    }

    private void MakeRoom(int sizeHint)
    {
        var needed = checked(_written + Math.Max(sizeHint, 1));
        if (needed > _bytes.Length)
        {
            Array.Resize(ref _bytes, (int)Math.Min(Array.MaxLength, Math.Max(needed, 2L * _bytes.Length)));
        }
    }

    /// <param name="At">How much was written before it.</param>
    /// <param name="Payload">The bytes.</param>
    private readonly record struct Reference(int At, ReadOnlyMemory<byte> Payload);
}

namespace SchemaStream.Protocol.Records;

/// <summary>Reads a record's primitives from a span. Says no instead of throwing: every byte may be hostile.</summary>
internal ref struct RecordSpan(ReadOnlySpan<byte> rest)
{
    private ReadOnlySpan<byte> _rest = rest;

    public readonly int Left => _rest.Length;

    public readonly ReadOnlySpan<byte> Rest => _rest;

    public bool TryReadByte(out byte value)
    {
        if (_rest.IsEmpty)
        {
            value = 0;
            return false;
        }

        value = _rest[0];
        _rest = _rest[1..];
        return true;
    }

    /// <summary>Zigzag varint of at most five bytes.</summary>
    public bool TryReadVarint(out int value)
    {
        // One byte is by far the commonest: small deltas, short keys, no headers.
        if (!_rest.IsEmpty && _rest[0] < 0x80)
        {
            var raw = _rest[0];
            value = (raw >> 1) ^ -(raw & 1);
            _rest = _rest[1..];
            return true;
        }

        value = 0;
        if (!TryReadUnsigned(maxBytes: 5, out var wide) || wide > uint.MaxValue)
        {
            return false;
        }

        value = (int)((uint)wide >> 1) ^ -(int)(wide & 1);
        return true;
    }

    /// <summary>Zigzag varlong of at most ten bytes.</summary>
    public bool TryReadVarlong(out long value)
    {
        var read = TryReadUnsigned(maxBytes: 10, out var raw);
        value = (long)(raw >> 1) ^ -(long)(raw & 1);
        return read;
    }

    /// <summary>Bytes with their length before them; -1 stands for null.</summary>
    public bool TryReadField(out RecordField field)
    {
        field = default;
        if (!TryReadVarint(out var length) || length < -1 || length > _rest.Length)
        {
            return false;
        }

        if (length >= 0)
        {
            field = new RecordField(true, _rest[..length]);
            _rest = _rest[length..];
        }

        return true;
    }

    public bool TryTake(int length, out RecordSpan taken)
    {
        if (length < 0 || length > _rest.Length)
        {
            taken = default;
            return false;
        }

        taken = new RecordSpan(_rest[..length]);
        _rest = _rest[length..];
        return true;
    }

    private bool TryReadUnsigned(int maxBytes, out ulong value)
    {
        value = 0;
        var limit = Math.Min(maxBytes, _rest.Length);
        for (var i = 0; i < limit; i++)
        {
            var part = _rest[i];
            // The tenth byte has room for one bit only; more would be lost without a word.
            if (i == 9 && part > 1)
            {
                return false;
            }

            value |= (ulong)(part & 0x7F) << (7 * i);
            if (part < 0x80)
            {
                _rest = _rest[(i + 1)..];
                return true;
            }
        }

        return false;
    }
}

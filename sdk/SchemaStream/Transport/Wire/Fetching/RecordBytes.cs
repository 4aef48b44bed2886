using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace SchemaStream.Transport.Wire.Fetching;

/// <summary>
/// Steps over records where they lie, noting where their parts are. Says no instead of throwing: every byte may be
/// hostile, and no length is used before it was held against what is left.
/// </summary>
internal ref struct RecordBytes
{
    /// <summary>How many records ahead of the next one memory is asked for: a step takes a tenth of what memory does.</summary>
    private const int Ahead = 8;

    private readonly ref byte _start;
    private int _at;
    private int _end;

    public RecordBytes(ReadOnlySpan<byte> bytes, int at)
    {
        _start = ref MemoryMarshal.GetReference(bytes);
        _at = at;
        _end = bytes.Length;
    }

    /// <summary>Where the next record begins.</summary>
    public readonly int Position => _at;

    /// <summary>Notes the parts of the next record, and steps over it.</summary>
    /// <param name="record">Its parts; the offset and the time as differences to the batch's.</param>
    public bool TryNext(ref FetchedRecord record)
    {
        var whole = _end;
        if (!TryVarint(out var length) || length < 0 || length > whole - _at)
        {
            return false;
        }

        _end = _at + length;
        if (_at == _end)
        {
            return false;
        }

        CacheHint.Soon(ref _start, _end + (Ahead * (long)length), 1); // records are often of one size
        _at++; // attributes, of which there are none
        if (!TryVarlong(out record.TimestampMs)
            || !TryVarint(out var offsetDelta)
            || !TryField(out record.KeyStart, out record.KeyLength)
            || !TryField(out record.ValueStart, out record.ValueLength)
            || !TryHeaders(ref record))
        {
            return false;
        }

        record.Offset = offsetDelta;
        _end = whole;
        return true;
    }

    /// <summary>A header's name or value.</summary>
    /// <param name="start">Where it begins.</param>
    /// <param name="length">How long it is, or <see cref="FetchedRecord.Absent"/>.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryField(out int start, out int length)
    {
        if (!TryVarint(out length) || length < FetchedRecord.Absent || length > _end - _at)
        {
            start = 0;
            return false;
        }

        start = _at;
        _at += Math.Max(length, 0);
        return true;
    }

    private bool TryHeaders(ref FetchedRecord record)
    {
        // A header takes at least two bytes, so a count beyond that is a lie before the first one is looked at.
        if (!TryVarint(out var count) || count < 0 || count > (_end - _at) / 2)
        {
            return false;
        }

        record.HeadersStart = _at;
        record.HeaderCount = count;
        for (; count > 0; count--)
        {
            if (!TryField(out _, out var name) || name < 0 || !TryField(out _, out _))
            {
                return false;
            }
        }

        return _at == _end;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool TryVarint(out int value)
    {
        // One byte is by far the commonest: small differences, short keys, no headers.
        if (_at < _end && Unsafe.Add(ref _start, _at) is var raw and < 0x80)
        {
            _at++;
            value = (raw >> 1) ^ -(raw & 1);
            return true;
        }

        return TryLongVarint(out value);
    }

    private bool TryLongVarint(out int value)
    {
        value = 0;
        if (!TryUnsigned(5, out var wide) || wide > uint.MaxValue)
        {
            return false;
        }

        value = (int)((uint)wide >> 1) ^ -(int)(wide & 1);
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool TryVarlong(out long value)
    {
        if (_at < _end && Unsafe.Add(ref _start, _at) is var first and < 0x80)
        {
            _at++;
            value = (first >> 1) ^ -(first & 1);
            return true;
        }

        var read = TryUnsigned(10, out var raw);
        value = (long)(raw >> 1) ^ -(long)(raw & 1);
        return read;
    }

    private bool TryUnsigned(int mostBytes, out ulong value)
    {
        value = 0;
        var limit = Math.Min(mostBytes, _end - _at);
        for (var index = 0; index < limit; index++)
        {
            var part = Unsafe.Add(ref _start, _at + index);

            // The tenth byte has room for one bit only.
            if (index == 9 && part > 1)
            {
                return false;
            }

            value |= (ulong)(part & 0x7F) << (7 * index);
            if (part < 0x80)
            {
                _at += index + 1;
                return true;
            }
        }

        return false;
    }
}

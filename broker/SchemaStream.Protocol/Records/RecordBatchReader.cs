namespace SchemaStream.Protocol.Records;

/// <summary>
/// Enumerates the records of a batch whose records are uncompressed (or were decompressed by the caller) without
/// allocating. Every length is checked against the bytes that are left before it is used.
/// </summary>
public ref struct RecordBatchReader
{
    private readonly long _baseOffset;
    private readonly long _baseTimestamp;
    private readonly long _appendTimestamp;
    private readonly int _count;
    private RecordSpan _rest;
    private int _read;

    /// <param name="header">The batch that the records belong to.</param>
    /// <param name="records">The records' bytes: the batch without its header, decompressed.</param>
    public RecordBatchReader(RecordBatchHeader header, ReadOnlySpan<byte> records)
    {
        _baseOffset = header.BaseOffset;
        _baseTimestamp = header.BaseTimestamp;
        _appendTimestamp = header.TimestampType == TimestampType.LogAppendTime
            ? header.MaxTimestamp
            : RecordBatchHeader.NoTimestamp;
        _count = header.RecordCount;
        _rest = new RecordSpan(records);
        Current = default;
    }

    public RecordView Current { get; private set; }

    /// <summary>Looks into a batch that is not compressed.</summary>
    public static RecordBatchReader OfUncompressed(ReadOnlySpan<byte> batch)
    {
        var header = new RecordBatchHeader(batch);
        if (header.Compression != CompressionType.None)
        {
            throw new CorruptRecordException($"The batch's records are compressed with {header.Compression}.");
        }

        if (header.SizeInBytes > batch.Length || header.SizeInBytes < RecordBatchHeader.Size)
        {
            throw new CorruptRecordException(RecordBatchFault.Truncated.Describe());
        }

        return new RecordBatchReader(header, batch[RecordBatchHeader.Size..(int)header.SizeInBytes]);
    }

    public readonly RecordBatchReader GetEnumerator() => this;

    /// <summary>Steps to the next record; false behind the last one.</summary>
    /// <exception cref="CorruptRecordException">The bytes are no record.</exception>
    public bool MoveNext()
    {
        var fault = Advance(out var moved);
        if (fault != RecordBatchFault.None)
        {
            throw new CorruptRecordException($"{fault.Describe()} (record {_read} of {_count} at offset {_baseOffset})");
        }

        return moved;
    }

    /// <summary>As <see cref="MoveNext"/>, with the fault as a value.</summary>
    internal RecordBatchFault Advance(out bool moved)
    {
        moved = false;
        if (_read >= _count)
        {
            return _rest.Left == 0 ? RecordBatchFault.None : RecordBatchFault.MalformedRecord;
        }

        if (!_rest.TryReadVarint(out var length)
            || !_rest.TryTake(length, out var record)
            || !record.TryReadByte(out _)
            || !record.TryReadVarlong(out var timestampDelta)
            || !record.TryReadVarint(out var offsetDelta)
            || !record.TryReadField(out var key)
            || !record.TryReadField(out var value)
            || !TryReadHeaders(ref record, out var headers))
        {
            return RecordBatchFault.MalformedRecord;
        }

        var timestamp = _appendTimestamp != RecordBatchHeader.NoTimestamp
            ? _appendTimestamp
            : unchecked(_baseTimestamp + timestampDelta);
        Current = new RecordView(unchecked(_baseOffset + offsetDelta), timestamp, offsetDelta, key, value, headers);
        _read++;
        moved = true;
        return RecordBatchFault.None;
    }

    private static bool TryReadHeaders(scoped ref RecordSpan record, out RecordHeaderList headers)
    {
        headers = default;
        // A header takes at least two bytes, so a count beyond that is a lie before the first one is looked at.
        if (!record.TryReadVarint(out var count) || count < 0 || count > record.Left / 2)
        {
            return false;
        }

        headers = new RecordHeaderList(count, record.Rest);
        for (var i = 0; i < count; i++)
        {
            if (!record.TryReadField(out var key) || !key.IsPresent || !record.TryReadField(out _))
            {
                return false;
            }
        }

        return record.Left == 0;
    }
}

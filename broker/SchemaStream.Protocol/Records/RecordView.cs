namespace SchemaStream.Protocol.Records;

/// <summary>One record, seen where it lies in its (uncompressed) batch. Valid as long as those bytes are.</summary>
public readonly ref struct RecordView
{
    internal RecordView(
        long offset, long timestamp, int offsetDelta, RecordField key, RecordField value, RecordHeaderList headers)
    {
        Offset = offset;
        Timestamp = timestamp;
        OffsetDelta = offsetDelta;
        HasKey = key.IsPresent;
        Key = key.Bytes;
        HasValue = value.IsPresent;
        Value = value.Bytes;
        Headers = headers;
    }

    public long Offset { get; }

    public int OffsetDelta { get; }

    /// <summary>The record's own timestamp, or the batch's append time where the topic uses that.</summary>
    public long Timestamp { get; }

    /// <summary>False for a null key, which is not the same as an empty one.</summary>
    public bool HasKey { get; }

    public ReadOnlySpan<byte> Key { get; }

    /// <summary>False for a null value: a tombstone.</summary>
    public bool HasValue { get; }

    public ReadOnlySpan<byte> Value { get; }

    public RecordHeaderList Headers { get; }
}

/// <summary>Bytes that may be null.</summary>
internal readonly ref struct RecordField(bool isPresent, ReadOnlySpan<byte> bytes)
{
    public bool IsPresent { get; } = isPresent;

    public ReadOnlySpan<byte> Bytes { get; } = bytes;
}

namespace SchemaStream.Transport;

/// <summary>Records as bytes, in memory that is the batch's until it is disposed.</summary>
/// <remarks>One reader at a time. Batches are reused: a steady stream allocates nothing here.</remarks>
internal abstract class IncomingBatch : IDisposable
{
    /// <summary>How many records there are.</summary>
    public abstract int Count { get; }

    /// <summary>A record. Its spans are valid until it is released.</summary>
    /// <param name="index">Its place.</param>
    public abstract IncomingRecord Read(int index);

    /// <summary>A copy of a record's headers; null for none.</summary>
    /// <param name="index">Its place.</param>
    public abstract RecordHeaders? ReadHeaders(int index);

    /// <summary>Gives a record's memory back before the batch's end; it must not be read afterwards.</summary>
    /// <param name="index">Its place.</param>
    public abstract void Release(int index);

    /// <summary>Gives the batch back, with all that was not released yet.</summary>
    public abstract void Dispose();
}

/// <summary>One record of a batch.</summary>
internal readonly ref struct IncomingRecord
{
    /// <summary>The partition, as it was assigned when the record came.</summary>
    public required AssignedPartition Partition { get; init; }

    /// <summary>The generation under which it was fetched.</summary>
    public required int Generation { get; init; }

    /// <summary>Its offset.</summary>
    public required long Offset { get; init; }

    /// <summary>Its time, in milliseconds since 1970; negative when it has none.</summary>
    public long TimestampMs { get; init; }

    /// <summary>The key's bytes; empty when absent.</summary>
    public ReadOnlySpan<byte> Key { get; init; }

    /// <summary>The value's bytes; empty when absent.</summary>
    public ReadOnlySpan<byte> Value { get; init; }

    /// <summary>Whether there is a key.</summary>
    public bool HasKey { get; init; }

    /// <summary>Whether there is a value.</summary>
    public bool HasValue { get; init; }

    /// <summary>Whether this is no record but the news that <see cref="Offset"/> is the partition's end for now.</summary>
    public bool IsEnd { get; init; }
}

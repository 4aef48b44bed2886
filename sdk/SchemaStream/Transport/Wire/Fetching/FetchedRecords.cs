namespace SchemaStream.Transport.Wire.Fetching;

/// <summary>What one response has brought of one partition: whole batches, as they came; or the news of its end.</summary>
/// <param name="cursor">The partition.</param>
/// <param name="bytes">Whole batches; empty for the end.</param>
/// <param name="memory">What they lie in, of which this has a share; null for the end.</param>
/// <param name="aborted">The aborted transactions among them, by their first offset; null for none.</param>
internal sealed class FetchedRecords(
    PartitionCursor cursor, ReadOnlyMemory<byte> bytes, FetchedMemory? memory, List<AbortedRange>? aborted)
{
    public PartitionCursor Cursor { get; } = cursor;

    /// <summary>The cursor's version when it was asked for: records of an older one are not handed out.</summary>
    public int Version { get; } = cursor.Version;

    /// <summary>The generation of its records.</summary>
    public int Generation { get; } = cursor.Generation;

    public ReadOnlyMemory<byte> Bytes { get; } = bytes;

    public FetchedMemory? Memory { get; } = memory;

    public List<AbortedRange>? Aborted { get; } = aborted;

    /// <summary>How many of the bytes, from the first on, lie in batches whose checksums were found right.</summary>
    public int SoundBytes { get; init; }

    /// <summary>How many records its batches say that they have.</summary>
    public long Count { get; init; }

    /// <summary>What was asked for: a batch may begin before it. For the end, the end.</summary>
    public long Offset { get; init; }

    /// <summary>Whether this is the news that <see cref="Offset"/> is the partition's end for now.</summary>
    public bool IsEnd => Memory is null;
}

/// <summary>A producer's aborted transaction, from its first offset on.</summary>
internal readonly record struct AbortedRange(long ProducerId, long FirstOffset);

namespace SchemaStream.Protocol.Records;

/// <summary>A whole batch as a slice of the memory it came in.</summary>
public readonly struct RecordBatch(ReadOnlyMemory<byte> memory)
{
    public ReadOnlyMemory<byte> Memory { get; } = memory;

    public RecordBatchHeader Header => new(Memory.Span);

    /// <summary>The records as they are on the wire: compressed, if the batch is.</summary>
    public ReadOnlyMemory<byte> Records => Memory[RecordBatchHeader.Size..];
}

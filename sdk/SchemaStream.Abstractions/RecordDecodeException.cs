namespace SchemaStream;

/// <summary>A record whose key or value does not follow its schema, or has no schema where it needs one.</summary>
public sealed class RecordDecodeException : SchemaSerializationException
{
    /// <summary>Makes the exception.</summary>
    public RecordDecodeException()
    {
    }

    /// <summary>Makes the exception with its message.</summary>
    /// <param name="message">What was expected, what was found, and where.</param>
    public RecordDecodeException(string message)
        : base(message)
    {
    }

    /// <summary>Makes the exception with its message and cause.</summary>
    /// <param name="message">What was expected, what was found, and where.</param>
    /// <param name="innerException">The cause.</param>
    public RecordDecodeException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>Makes the exception for a record.</summary>
    /// <param name="position">Where the record lies.</param>
    /// <param name="slot">Key or value.</param>
    /// <param name="innerException">What is wrong with the bytes.</param>
    public RecordDecodeException(RecordPosition position, RecordSlot slot, Exception innerException)
        : base(
            $"The {(slot == RecordSlot.Key ? "key" : "value")} of {position.Topic}[{position.Partition}] at offset {position.Offset} cannot be read: {innerException.Message}",
            innerException)
    {
        Position = position;
        Slot = slot;
    }

    /// <summary>Where the record lies.</summary>
    public RecordPosition Position { get; }

    /// <summary>Key or value.</summary>
    public RecordSlot Slot { get; }
}

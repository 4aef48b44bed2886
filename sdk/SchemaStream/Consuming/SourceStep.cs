namespace SchemaStream.Consuming;

/// <summary>What a look for the next record has found.</summary>
internal enum SourceStep
{
    /// <summary>A record.</summary>
    Record,

    /// <summary>A record that is not to be handed out now.</summary>
    Nothing,

    /// <summary>A partition is read to its end, for now.</summary>
    PartitionEnd,

    /// <summary>The batch is read: another is needed.</summary>
    NoBatch,

    /// <summary>The key's schema must be prepared.</summary>
    KeySchema,

    /// <summary>The value's schema must be prepared.</summary>
    ValueSchema,

    /// <summary>A record whose bytes do not follow the topic's types.</summary>
    Unreadable,
}

namespace SchemaStream;

/// <summary>Where a key or value is going, or came from: for errors, and for serializers that care.</summary>
/// <param name="Topic">The topic's name.</param>
/// <param name="Slot">Key or value.</param>
public readonly record struct SerializationContext(string Topic, RecordSlot Slot);

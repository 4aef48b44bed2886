namespace SchemaStream.Serialization;

/// <summary>Reads one slot of a topic.</summary>
/// <typeparam name="T">The C# type.</typeparam>
internal abstract class SlotReader<T>
{
    /// <summary>Reads a value, if all that is needed is at hand.</summary>
    /// <param name="input">The slot's bytes.</param>
    /// <param name="value">The value.</param>
    /// <param name="missingSchemaId">The schema to prepare before trying again, when the answer is false.</param>
    /// <exception cref="SchemaSerializationException">The bytes do not follow their schema.</exception>
    public abstract bool TryRead(ReadOnlySpan<byte> input, out T value, out int missingSchemaId);

    /// <summary>Fetches a writer's schema, checks it against the topic's contract and compiles its deserializer.</summary>
    /// <param name="schemaId">The schema's id.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="TopicContractException">The writer's type is not the topic's.</exception>
    /// <exception cref="SchemaSerializationException">Data of the writer's schema cannot be read as the C# type.</exception>
    public abstract ValueTask PrepareAsync(int schemaId, CancellationToken cancellationToken);
}

/// <summary>Reads a primitive, which needs nothing prepared.</summary>
/// <typeparam name="T">The C# type.</typeparam>
/// <param name="deserializer">Reads the bytes.</param>
/// <param name="context">The topic and the slot.</param>
internal sealed class PrimitiveSlotReader<T>(ISchemaDeserializer<T> deserializer, SerializationContext context) : SlotReader<T>
{
    public override bool TryRead(ReadOnlySpan<byte> input, out T value, out int missingSchemaId)
    {
        missingSchemaId = 0;
        value = deserializer.Deserialize(input, in context);
        return true;
    }

    public override ValueTask PrepareAsync(int schemaId, CancellationToken cancellationToken) => ValueTask.CompletedTask;
}

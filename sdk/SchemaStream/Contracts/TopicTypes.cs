using SchemaStream.Primitives;

namespace SchemaStream.Contracts;

/// <summary>A topic's serializers, and the contract that follows from them.</summary>
/// <typeparam name="TKey">The C# type of the keys.</typeparam>
/// <typeparam name="TValue">The C# type of the values.</typeparam>
internal sealed class TopicTypes<TKey, TValue>
{
    private TopicTypes(Topic<TKey, TValue> topic, ISchemaSerializer<TKey> key, ISchemaSerializer<TValue> value)
    {
        Topic = topic;
        Key = key;
        Value = value;
        Contract = new TopicContract(
            topic.Name, ContractOf(key.Format, key.TypeName, topic.KeySubject), ContractOf(value.Format, value.TypeName, topic.ValueSubject));
    }

    /// <summary>The topic.</summary>
    public Topic<TKey, TValue> Topic { get; }

    /// <summary>Writes keys.</summary>
    public ISchemaSerializer<TKey> Key { get; }

    /// <summary>Writes values.</summary>
    public ISchemaSerializer<TValue> Value { get; }

    /// <summary>What the program says that the topic carries.</summary>
    public TopicContract Contract { get; }

    /// <summary>Derives schemas and serializers from the C# types.</summary>
    /// <param name="topic">The topic.</param>
    /// <param name="formats">The formats at hand.</param>
    public static TopicTypes<TKey, TValue> Derive(Topic<TKey, TValue> topic, FormatTable formats) =>
        new(topic, SerializerOf<TKey>(topic.KeyFormat, formats), SerializerOf<TValue>(topic.ValueFormat, formats));

    private static SlotContract ContractOf(SchemaFormat format, string? typeName, string subject) =>
        SchemaFormatNames.HasSchema(format) ? new(format, typeName, subject) : new(format);

    private static ISchemaSerializer<T> SerializerOf<T>(SchemaFormat format, FormatTable formats) =>
        FormatTable.IsPrimitive(typeof(T), format)
            ? PrimitiveSerializers.Serializer<T>(format)
            : formats.Of(format).CreateSerializer<T>();
}

namespace SchemaStream;

/// <summary>Makes topics, the values that a team shares as code.</summary>
public static class Topic
{
    /// <summary>The longest name that Kafka allows.</summary>
    public const int LongestName = 249;

    /// <summary>A topic with a stated format for its values.</summary>
    /// <typeparam name="TKey">The C# type of its keys; <see cref="Nothing"/> for none.</typeparam>
    /// <typeparam name="TValue">The C# type of its values.</typeparam>
    /// <param name="name">The topic's name.</param>
    /// <param name="value">How values are written.</param>
    /// <param name="key">
    /// How keys are written; by default as the primitive that fits the type (text, number, UUID, bytes), and for any
    /// other type in the format of the values.
    /// </param>
    /// <example><code>
    /// public static readonly Topic&lt;string, OrderPlaced&gt; Orders = Topic.Define&lt;string, OrderPlaced&gt;("orders", value: SchemaFormat.Avro);
    /// </code></example>
    public static Topic<TKey, TValue> Define<TKey, TValue>(string name, SchemaFormat value, SchemaFormat? key = null) =>
        new(name, key ?? PrimitiveOf(typeof(TKey)) ?? value, value);

    /// <summary>A topic of Avro values; keys are primitives where the type has one, else Avro as well.</summary>
    /// <typeparam name="TKey">The C# type of its keys.</typeparam>
    /// <typeparam name="TValue">The C# type of its values.</typeparam>
    /// <param name="name">The topic's name.</param>
    public static Topic<TKey, TValue> Avro<TKey, TValue>(string name) => Define<TKey, TValue>(name, SchemaFormat.Avro);

    /// <summary>A topic of JSON values; keys are primitives where the type has one, else JSON as well.</summary>
    /// <typeparam name="TKey">The C# type of its keys.</typeparam>
    /// <typeparam name="TValue">The C# type of its values.</typeparam>
    /// <param name="name">The topic's name.</param>
    public static Topic<TKey, TValue> Json<TKey, TValue>(string name) => Define<TKey, TValue>(name, SchemaFormat.Json);

    /// <summary>A topic of Protobuf values; keys are primitives where the type has one, else Protobuf as well.</summary>
    /// <typeparam name="TKey">The C# type of its keys.</typeparam>
    /// <typeparam name="TValue">The C# type of its values.</typeparam>
    /// <param name="name">The topic's name.</param>
    public static Topic<TKey, TValue> Protobuf<TKey, TValue>(string name) =>
        Define<TKey, TValue>(name, SchemaFormat.Protobuf);

    /// <summary>A topic whose keys and values are both primitives, as their C# types say.</summary>
    /// <typeparam name="TKey">The C# type of its keys.</typeparam>
    /// <typeparam name="TValue">The C# type of its values.</typeparam>
    /// <param name="name">The topic's name.</param>
    /// <exception cref="ArgumentException">A type is not one that Kafka's own serializers write.</exception>
    public static Topic<TKey, TValue> Primitive<TKey, TValue>(string name) =>
        new(name, DemandPrimitive(typeof(TKey)), DemandPrimitive(typeof(TValue)));

    /// <summary>A topic whose values are written by a format of the program's own; the contract has them as <c>bytes</c>.</summary>
    /// <remarks>
    /// The client needs a provider whose <see cref="ISchemaSerializerProvider.Format"/> is
    /// <see cref="SchemaFormat.Bytes"/>. Keys are primitives where the type has one, else written by the same provider.
    /// </remarks>
    /// <typeparam name="TKey">The C# type of its keys.</typeparam>
    /// <typeparam name="TValue">The C# type of its values.</typeparam>
    /// <param name="name">The topic's name.</param>
    public static Topic<TKey, TValue> Custom<TKey, TValue>(string name) => Define<TKey, TValue>(name, SchemaFormat.Bytes);

    /// <summary>The primitive format that fits a C# type; null when only a schema can describe it.</summary>
    /// <param name="type">The type.</param>
    public static SchemaFormat? PrimitiveOf(Type type) =>
        type == typeof(string) ? SchemaFormat.String
        : type == typeof(Guid) ? SchemaFormat.Uuid
        : type == typeof(int) ? SchemaFormat.Int32
        : type == typeof(long) ? SchemaFormat.Int64
        : type == typeof(float) ? SchemaFormat.Float32
        : type == typeof(double) ? SchemaFormat.Float64
        : type == typeof(byte[]) || type == typeof(ReadOnlyMemory<byte>) ? SchemaFormat.Bytes
        : type == typeof(Nothing) ? SchemaFormat.None
        : null;

    internal static void DemandName(string name)
    {
        var legal = name.Length is > 0 and <= LongestName && name is not ("." or "..");
        foreach (var letter in name)
        {
            legal &= char.IsAsciiLetterOrDigit(letter) || letter is '.' or '_' or '-';
        }

        if (!legal)
        {
            throw new ArgumentException(
                $"'{name}' is no topic name: 1 to {LongestName} ASCII letters, digits, '.', '_' or '-', and neither '.' nor '..'.",
                nameof(name));
        }
    }

    internal static void DemandFit(Type type, SchemaFormat format, RecordSlot slot)
    {
        // Bytes carry what a custom format makes of a type: whether there is one is known when a client is asked.
        var primitive = PrimitiveOf(type);
        var isCustom = primitive is null && format == SchemaFormat.Bytes;
        if (!SchemaFormatNames.HasSchema(format) && primitive != format && !isCustom)
        {
            throw new ArgumentException(
                $"A {slot} of C# type {type.Name} cannot be written as {SchemaFormatNames.NameOf(format)}.", nameof(format));
        }

        if (SchemaFormatNames.HasSchema(format) && type == typeof(Nothing))
        {
            throw new ArgumentException($"A {slot} of type {nameof(Nothing)} has no schema: its format is none.", nameof(format));
        }
    }

    private static SchemaFormat DemandPrimitive(Type type) =>
        PrimitiveOf(type) ?? throw new ArgumentException(
            $"{type.Name} is no primitive of Kafka's: choose a schema format, such as {nameof(Topic)}.{nameof(Avro)}.", nameof(type));
}

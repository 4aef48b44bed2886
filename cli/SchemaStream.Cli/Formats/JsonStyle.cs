namespace SchemaStream.Cli.Formats;

/// <summary>How Avro's values look as JSON. JSON Schema and Protobuf have one way only, their own.</summary>
internal enum JsonStyle
{
    /// <summary>
    /// Avro's own JSON encoding, which Confluent's console tools speak: a union's value is <c>{"type": value}</c>, bytes are a
    /// text of characters up to U+00FF, dates and decimals are what lies beneath them.
    /// </summary>
    Encoded = 1,

    /// <summary>
    /// For people: an optional value stands without its type's name, decimals are texts such as <c>"12.50"</c>, dates and times
    /// are ISO 8601, fields that are left out take their defaults.
    /// </summary>
    Readable = 2,
}

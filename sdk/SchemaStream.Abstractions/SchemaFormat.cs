namespace SchemaStream;

/// <summary>How the key or the value of a topic is written as bytes.</summary>
/// <remarks>
/// The first three are schema formats: their bytes carry a schema id in Confluent's wire format and their schemas live
/// in the registry. The others are primitives, written exactly as Kafka's own serializers write them.
/// </remarks>
public enum SchemaFormat
{
    /// <summary>No value at all: every record of the topic has a null here.</summary>
    None = 0,

    /// <summary>Apache Avro binary with a registered schema.</summary>
    Avro = 1,

    /// <summary>JSON with a registered JSON Schema.</summary>
    Json = 2,

    /// <summary>Protocol Buffers with a registered schema.</summary>
    Protobuf = 3,

    /// <summary>UTF-8 text without a prefix.</summary>
    String = 10,

    /// <summary>Bytes as they are.</summary>
    Bytes = 11,

    /// <summary>Four bytes, big-endian.</summary>
    Int32 = 12,

    /// <summary>Eight bytes, big-endian.</summary>
    Int64 = 13,

    /// <summary>IEEE 754 double, eight bytes, big-endian.</summary>
    Float64 = 14,

    /// <summary>A UUID as its 36-character text, as Kafka's <c>UUIDSerializer</c> writes it.</summary>
    Uuid = 15,

    /// <summary>IEEE 754 single, four bytes, big-endian.</summary>
    Float32 = 16,
}

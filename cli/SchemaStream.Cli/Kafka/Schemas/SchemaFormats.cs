using SchemaStream.Registry.Client;

namespace SchemaStream.Cli.Kafka.Schemas;

/// <summary>Confluent's readers and formatters, by format.</summary>
internal static class SchemaFormats
{
    private const string Package = "io.confluent.kafka.formatter.";

    /// <summary>The class that reads lines of a format.</summary>
    public static string ReaderOf(SchemaFormat format) => Package + Prefix(format) + "MessageReader";

    /// <summary>The class that prints records of a format.</summary>
    public static string FormatterOf(SchemaFormat format) => Package + Prefix(format) + "MessageFormatter";

    /// <summary>The format of a reader or formatter, by its full or its short name; null: it is none of Confluent's.</summary>
    public static SchemaFormat? Find(string className) => className[(className.LastIndexOf('.') + 1)..] switch
    {
        "AvroMessageReader" or "AvroMessageFormatter" => SchemaFormat.Avro,
        "JsonSchemaMessageReader" or "JsonSchemaMessageFormatter" => SchemaFormat.Json,
        "ProtobufMessageReader" or "ProtobufMessageFormatter" => SchemaFormat.Protobuf,
        _ => null,
    };

    /// <summary>Whether it is what a registry or a codec throws.</summary>
    public static bool IsExpected(Exception failure) => failure is RegistryException or Formats.CodecException;

    private static string Prefix(SchemaFormat format) => format switch
    {
        SchemaFormat.Json => "json.JsonSchema",
        SchemaFormat.Protobuf => "protobuf.Protobuf",
        _ => "Avro",
    };
}

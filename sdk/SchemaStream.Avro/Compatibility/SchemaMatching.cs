using SchemaStream.Avro.Schemas;

namespace SchemaStream.Avro.Compatibility;

/// <summary>The questions of schema resolution that the check and the compiled decoders must answer alike.</summary>
internal static class SchemaMatching
{
    /// <summary>Simple names are equal, or the writer's full name is one of the reader's aliases.</summary>
    public static bool NamesMatch(AvroNamedSchema reader, AvroNamedSchema writer) =>
        reader.Name.Name == writer.Name.Name || reader.Aliases.Contains(writer.Name);

    /// <summary>The writer's field that fills a reader's: of its name, else of one of its aliases.</summary>
    public static AvroField? FindWriterField(AvroRecordSchema writer, AvroField reader)
    {
        if (writer.FindField(reader.Name) is { } same)
        {
            return same;
        }

        foreach (var alias in reader.Aliases)
        {
            if (writer.FindField(alias) is { } renamed)
            {
                return renamed;
            }
        }

        return null;
    }

    /// <summary>A writer's primitive that a reader takes as another: int to long to float to double, string and bytes either way.</summary>
    public static bool IsPromoted(AvroSchemaKind reader, AvroSchemaKind writer) => (reader, writer) switch
    {
        (AvroSchemaKind.Long, AvroSchemaKind.Int) => true,
        (AvroSchemaKind.Float, AvroSchemaKind.Int or AvroSchemaKind.Long) => true,
        (AvroSchemaKind.Double, AvroSchemaKind.Int or AvroSchemaKind.Long or AvroSchemaKind.Float) => true,
        (AvroSchemaKind.String, AvroSchemaKind.Bytes) => true,
        (AvroSchemaKind.Bytes, AvroSchemaKind.String) => true,
        _ => false,
    };
}

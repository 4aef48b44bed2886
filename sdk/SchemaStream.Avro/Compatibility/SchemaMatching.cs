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

    /// <summary>True when data of both is the same to a reader: the same types, names, symbols and logical types, each in the same place.</summary>
    public static bool IsSameToReaders(AvroSchema one, AvroSchema other) =>
        ReferenceEquals(one, other) || IsSame(one, other, []);

    private static bool IsSame(AvroSchema one, AvroSchema other, HashSet<(AvroSchema, AvroSchema)> seen)
    {
        if (one.Kind != other.Kind || one.LogicalType != other.LogicalType || one.FullName != other.FullName)
        {
            return false;
        }

        return (one, other) switch
        {
            // A pair that is met again was compared, or is being compared further out.
            (AvroRecordSchema a, AvroRecordSchema b) => !seen.Add((a, b)) || (a.Fields.Count == b.Fields.Count
                && a.Fields.Zip(b.Fields).All(pair => pair.First.Name == pair.Second.Name && IsSame(pair.First.Schema, pair.Second.Schema, seen))),
            (AvroEnumSchema a, AvroEnumSchema b) => a.Symbols.SequenceEqual(b.Symbols),
            (AvroFixedSchema a, AvroFixedSchema b) => a.Size == b.Size,
            (AvroArraySchema a, AvroArraySchema b) => IsSame(a.Items, b.Items, seen),
            (AvroMapSchema a, AvroMapSchema b) => IsSame(a.Values, b.Values, seen),
            (AvroUnionSchema a, AvroUnionSchema b) => a.Branches.Count == b.Branches.Count
                && a.Branches.Zip(b.Branches).All(pair => IsSame(pair.First, pair.Second, seen)),
            _ => true,
        };
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

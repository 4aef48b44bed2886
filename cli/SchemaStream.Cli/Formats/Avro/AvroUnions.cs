using SchemaStream.Avro.Schemas;

namespace SchemaStream.Cli.Formats.Avro;

/// <summary>What is to be known of schemas beyond what they say.</summary>
internal static class AvroUnions
{
    /// <summary>Whether it is a value or nothing.</summary>
    public static bool IsOptional(AvroUnionSchema union) => union.Branches.Count == 2 && union.NullIndex >= 0;

    /// <summary>The branch that a text names, by its full name or, where a person wrote it, by the last part of it.</summary>
    public static int Named(AvroUnionSchema union, string name, bool isShortAllowed)
    {
        for (var i = 0; i < union.Branches.Count; i++)
        {
            if (union.Branches[i].FullName == name)
            {
                return i;
            }
        }

        for (var i = 0; isShortAllowed && i < union.Branches.Count; i++)
        {
            if (union.Branches[i] is AvroNamedSchema named && named.Name.Name == name)
            {
                return i;
            }
        }

        return -1;
    }

    /// <summary>Whether values take no byte at all, so that a damaged count could promise any number of them.</summary>
    public static bool IsEmpty(AvroSchema schema) => IsEmpty(schema, 0);

    private static bool IsEmpty(AvroSchema schema, int depth) => schema switch
    {
        _ when schema.Kind == AvroSchemaKind.Null => true,
        AvroFixedSchema sized => sized.Size == 0,
        // A record that holds itself without a byte between cannot be written; what nests deeper than schemas may is none.
        AvroRecordSchema record => depth < AvroLimits.MaxSchemaDepth && record.Fields.All(field => IsEmpty(field.Schema, depth + 1)),
        _ => false,
    };
}

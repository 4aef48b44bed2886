using SchemaStream.Avro.Schemas;

namespace SchemaStream.Avro.Text;

/// <summary>The named types that schemas define, at any depth.</summary>
internal static class NamedTypes
{
    /// <summary>By full name; the first definition of a name wins, as equal references often define it again.</summary>
    public static Dictionary<string, AvroNamedSchema> Collect(IEnumerable<AvroSchema> schemas)
    {
        var found = new Dictionary<string, AvroNamedSchema>();

        // A stack of our own: references may chain far deeper than one text may nest.
        var open = new Stack<AvroSchema>();
        foreach (var schema in schemas)
        {
            open.Push(schema);
            while (open.TryPop(out var next))
            {
                if (next is AvroNamedSchema named && !found.TryAdd(named.FullName, named))
                {
                    continue;
                }

                Push(next, open);
            }
        }

        return found;
    }

    private static void Push(AvroSchema schema, Stack<AvroSchema> open)
    {
        switch (schema)
        {
            case AvroRecordSchema record:
                foreach (var field in record.Fields)
                {
                    open.Push(field.Schema);
                }

                break;
            case AvroArraySchema array:
                open.Push(array.Items);
                break;
            case AvroMapSchema map:
                open.Push(map.Values);
                break;
            case AvroUnionSchema union:
                foreach (var branch in union.Branches)
                {
                    open.Push(branch);
                }

                break;
            default:
                break;
        }
    }
}

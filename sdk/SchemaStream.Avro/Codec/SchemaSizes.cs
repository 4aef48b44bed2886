using SchemaStream.Avro.Schemas;

namespace SchemaStream.Avro.Codec;

/// <summary>The fewest bytes that a value of a schema takes: what a declared count of items is held against.</summary>
internal static class SchemaSizes
{
    public static int MinBytes(AvroSchema schema) => MinBytes(schema, []);

    private static int MinBytes(AvroSchema schema, HashSet<AvroSchema> open) => schema switch
    {
        AvroRecordSchema record => RecordBytes(record, open),
        AvroFixedSchema size => size.Size,
        _ => schema.Kind switch
        {
            AvroSchemaKind.Null => 0,
            AvroSchemaKind.Float => sizeof(float),
            AvroSchemaKind.Double => sizeof(double),

            // A length, a number of a branch or symbol, the end mark of a collection, a varint.
            _ => 1,
        },
    };

    private static int RecordBytes(AvroRecordSchema record, HashSet<AvroSchema> open)
    {
        // A record within itself adds nothing that is certain. One byte is enough to know, and a large sum could overflow.
        const int enough = 1024;
        if (!open.Add(record))
        {
            return 0;
        }

        var sum = 0;
        foreach (var field in record.Fields)
        {
            sum += Math.Min(MinBytes(field.Schema, open), enough);
            if (sum >= enough)
            {
                break;
            }
        }

        open.Remove(record);
        return sum;
    }
}

using SchemaStream.Avro.Schemas;

namespace SchemaStream.Avro.Codec;

/// <summary>Writes values whose type is known only from their schema, by walking it.</summary>
internal static class DynamicWriter
{
    public static int Write(
        AvroSchema schema, object? value, ref byte start, int position, int length, int depth, string path)
    {
        if (length - position < AvroWriter.RoomOfLong)
        {
            return AvroWriter.Full;
        }

        switch (schema.Kind, value)
        {
            case (AvroSchemaKind.Null, null):
                return position;
            case (AvroSchemaKind.Boolean, bool flag):
                return AvroWriter.WriteBoolean(ref start, position, flag);
            case (AvroSchemaKind.Int, int number):
                return AvroWriter.WriteInt(ref start, position, number);
            case (AvroSchemaKind.Long, long number):
                return AvroWriter.WriteLong(ref start, position, number);
            case (AvroSchemaKind.Float, float number):
                return AvroWriter.WriteFloat(ref start, position, number);
            case (AvroSchemaKind.Double, double number):
                return AvroWriter.WriteDouble(ref start, position, number);
            case (AvroSchemaKind.String, string text):
                return AvroWriter.WriteString(ref start, position, length, text, path);
            case (AvroSchemaKind.Bytes, byte[] bytes):
                return AvroWriter.WriteBytes(ref start, position, length, bytes);
            case (AvroSchemaKind.Fixed, byte[] bytes):
                return AvroWriter.WriteFixed(ref start, position, length, bytes, ((AvroFixedSchema)schema).Size, path);
            case (AvroSchemaKind.Enum, string symbol):
                var ordinal = ((AvroEnumSchema)schema).OrdinalOf(symbol);
                return ordinal < 0
                    ? AvroWriter.ThrowUnknownSymbol(path, symbol)
                    : AvroWriter.WriteInt(ref start, position, ordinal);
            case (AvroSchemaKind.Union, _):
                var union = (AvroUnionSchema)schema;
                var branch = BranchFor(union, value);
                return branch < 0
                    ? throw Mismatch(schema, value, path)
                    : Write(union.Branches[branch], value, ref start, AvroWriter.WriteInt(ref start, position, branch), length, depth, path);
            default:
                AvroWriter.CheckDepth(depth, path);
                return WriteParts(schema, value, ref start, position, length, depth + 1, path);
        }
    }

    private static int WriteParts(
        AvroSchema schema, object? value, ref byte start, int position, int length, int depth, string path)
    {
        switch (schema, value)
        {
            case (AvroRecordSchema record, AvroRecord fields):
                foreach (var field in record.Fields)
                {
                    position = Write(field.Schema, fields[field.Name], ref start, position, length, depth, $"{record.Name.Name}.{field.Name}");
                    if (position < 0)
                    {
                        return AvroWriter.Full;
                    }
                }

                return position;
            case (AvroArraySchema array, List<object?> items):
                return CollectionWriter.WriteList(
                    items, new DynamicItemWriter(array.Items, path), ref start, position, length, depth);
            case (AvroMapSchema map, Dictionary<string, object?> entries):
                return CollectionWriter.WriteDictionary(
                    entries, new DynamicItemWriter(map.Values, path), ref start, position, length, depth, path);
            default:
                throw Mismatch(schema, value, path);
        }
    }

    private static int BranchFor(AvroUnionSchema union, object? value)
    {
        for (var i = 0; i < union.Branches.Count; i++)
        {
            var branch = union.Branches[i];
            var fits = (branch.Kind, value) switch
            {
                (AvroSchemaKind.Null, null) => true,
                (AvroSchemaKind.Boolean, bool) => true,
                (AvroSchemaKind.Int, int) => true,
                (AvroSchemaKind.Long, long) => true,
                (AvroSchemaKind.Float, float) => true,
                (AvroSchemaKind.Double, double) => true,
                (AvroSchemaKind.String, string) => true,
                (AvroSchemaKind.Bytes, byte[]) => true,
                (AvroSchemaKind.Fixed, byte[] bytes) => bytes.Length == ((AvroFixedSchema)branch).Size,
                (AvroSchemaKind.Enum, string symbol) => ((AvroEnumSchema)branch).OrdinalOf(symbol) >= 0,
                (AvroSchemaKind.Record, AvroRecord record) => record.Schema.FullName == branch.FullName,
                (AvroSchemaKind.Array, List<object?>) => true,
                (AvroSchemaKind.Map, Dictionary<string, object?>) => true,
                _ => false,
            };
            if (fits)
            {
                return i;
            }
        }

        return -1;
    }

    private static AvroDataException Mismatch(AvroSchema schema, object? value, string path) =>
        new($"{path}: expected {schema.FullName}, found {value?.GetType().Name ?? "null"}");

    private readonly struct DynamicItemWriter(AvroSchema schema, string path) : IItemWriter<object?>
    {
        public int Write(object? value, ref byte start, int position, int length, int depth) =>
            DynamicWriter.Write(schema, value, ref start, position, length, depth, path);
    }
}

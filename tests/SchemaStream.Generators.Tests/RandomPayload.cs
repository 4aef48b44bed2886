using System.Buffers;
using System.Text;
using SchemaStream.Avro.Codec;
using SchemaStream.Avro.Schemas;

namespace SchemaStream.Generators.Tests;

/// <summary>Random data of a schema, in ranges that C# types of every size hold.</summary>
internal sealed class RandomPayload(int seed)
{
    private readonly Random _random = new(seed);
    private readonly ArrayBufferWriter<byte> _output = new();

    public static byte[] Of(AvroSchema schema, int seed)
    {
        var payload = new RandomPayload(seed);
        payload.Write(schema, 0);
        return payload._output.WrittenSpan.ToArray();
    }

    private void Write(AvroSchema schema, int depth)
    {
        switch (schema)
        {
            case AvroRecordSchema record:
                foreach (var field in record.Fields)
                {
                    Write(field.Schema, depth + 1);
                }

                break;
            case AvroUnionSchema union:
                var branch = depth > 6 && union.NullIndex >= 0 ? union.NullIndex : _random.Next(union.Branches.Count);
                Long(branch);
                Write(union.Branches[branch], depth + 1);
                break;
            case AvroEnumSchema symbols:
                Long(_random.Next(symbols.Symbols.Count));
                break;
            case AvroArraySchema array:
                Block(depth, () => Write(array.Items, depth + 1));
                break;
            case AvroMapSchema map:
                Block(depth, () =>
                {
                    Text("k" + _random.Next());
                    Write(map.Values, depth + 1);
                });
                break;
            case AvroFixedSchema size:
                Fixed(size);
                break;
            default:
                Scalar(schema);
                break;
        }
    }

    private void Block(int depth, Action item)
    {
        var count = depth > 6 ? 0 : _random.Next(4);
        if (count > 0)
        {
            Long(count);
            for (var i = 0; i < count; i++)
            {
                item();
            }
        }

        Long(0);
    }

    private void Fixed(AvroFixedSchema schema)
    {
        var bytes = new byte[schema.Size];
        if (schema.LogicalType?.Kind == AvroLogicalKind.Duration)
        {
            bytes[4] = (byte)_random.Next(100);
            bytes[8] = (byte)_random.Next(100);
        }
        else if (schema.LogicalType?.Kind == AvroLogicalKind.Decimal)
        {
            bytes[^1] = (byte)_random.Next(100);
        }
        else
        {
            _random.NextBytes(bytes);
        }

        _output.Write(bytes);
    }

    private void Scalar(AvroSchema schema)
    {
        switch (schema.Kind)
        {
            case AvroSchemaKind.Boolean:
                _output.Write([(byte)_random.Next(2)]);
                break;
            case AvroSchemaKind.Int or AvroSchemaKind.Long:
                Long(_random.Next(100));
                break;
            case AvroSchemaKind.Float:
                _output.Write(BitConverter.GetBytes(_random.NextSingle()));
                break;
            case AvroSchemaKind.Double:
                _output.Write(BitConverter.GetBytes(_random.NextDouble()));
                break;
            case AvroSchemaKind.Bytes when schema.LogicalType is { Kind: AvroLogicalKind.BigDecimal }:
                _output.Write(new byte[] { 6, 2, (byte)_random.Next(100), (byte)(2 * _random.Next(20)) });
                break;
            case AvroSchemaKind.Bytes when schema.LogicalType is not null:
                Long(1);
                _output.Write([(byte)_random.Next(100)]);
                break;
            case AvroSchemaKind.String when schema.LogicalType?.Kind == AvroLogicalKind.Uuid:
                Text(Guid.NewGuid().ToString());
                break;
            case AvroSchemaKind.Bytes or AvroSchemaKind.String:
                Text(new string((char)('a' + _random.Next(26)), _random.Next(80)) + (_random.Next(5) == 0 ? "ä€" : ""));
                break;
            default:
                break;
        }
    }

    private void Text(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        Long(bytes.Length);
        _output.Write(bytes);
    }

    private void Long(long value)
    {
        Span<byte> bytes = stackalloc byte[AvroWriter.RoomOfLong];
        _output.Write(bytes[..AvroWriter.WriteLong(ref bytes[0], 0, value)]);
    }
}

using System.Globalization;
using SchemaStream.Avro.Schemas;

namespace SchemaStream.Avro.Codec;

/// <summary>Goes over a payload by its schema without making values: to skip what a reader does not want.</summary>
internal static class PayloadWalker
{
    /// <summary>Skips one value.</summary>
    public static void Skip(ref AvroReader reader, AvroSchema schema)
    {
        switch (schema)
        {
            case AvroRecordSchema record:
                reader.Enter();
                foreach (var field in record.Fields)
                {
                    Skip(ref reader, field.Schema);
                }

                reader.Leave();
                break;
            case AvroUnionSchema union:
                Skip(ref reader, union.Branches[reader.ReadBranch(union.Branches.Count)]);
                break;
            case AvroArraySchema array:
                SkipBlocks(ref reader, array.Items, hasKeys: false);
                break;
            case AvroMapSchema map:
                SkipBlocks(ref reader, map.Values, hasKeys: true);
                break;
            default:
                SkipLeaf(ref reader, schema);
                break;
        }
    }

    /// <summary>Skips a value without parts.</summary>
    public static void SkipLeaf(ref AvroReader reader, AvroSchema schema)
    {
        switch (schema.Kind)
        {
            case AvroSchemaKind.Null:
                break;
            case AvroSchemaKind.Boolean:
                reader.ReadBoolean();
                break;
            case AvroSchemaKind.Int:
                reader.ReadInt();
                break;
            case AvroSchemaKind.Long:
                reader.ReadLong();
                break;
            case AvroSchemaKind.Float:
                reader.ReadFloat();
                break;
            case AvroSchemaKind.Double:
                reader.ReadDouble();
                break;
            case AvroSchemaKind.Enum:
                reader.ReadSymbol(((AvroEnumSchema)schema).Symbols.Count);
                break;
            case AvroSchemaKind.Fixed:
                reader.ReadFixed(((AvroFixedSchema)schema).Size);
                break;
            default:
                reader.ReadSlice();
                break;
        }
    }

    private static void SkipBlocks(ref AvroReader reader, AvroSchema items, bool hasKeys)
    {
        var minBytes = SchemaSizes.MinBytes(items) + (hasKeys ? 1 : 0);
        while (true)
        {
            if (reader.TrySkipBlock(minBytes, out var count))
            {
                continue;
            }

            if (count == 0)
            {
                return;
            }

            for (var i = 0; i < count; i++)
            {
                if (hasKeys)
                {
                    reader.ReadSlice();
                }

                Skip(ref reader, items);
            }
        }
    }
}

/// <summary>Finds the field at which reading failed, by going over the payload once more. Only faults pay for it.</summary>
internal ref struct PayloadLocator
{
    private readonly int _offset;
    private readonly bool _isAfterValue;
    private readonly List<string> _path;
    private AvroReader _reader;

    private PayloadLocator(ReadOnlySpan<byte> payload, int offset, bool isAfterValue)
    {
        _reader = new AvroReader(payload);
        _offset = offset;
        _isAfterValue = isAfterValue;
        _path = [];
    }

    /// <summary>The path to the value that starts at an offset, or that ends there.</summary>
    public static string Locate(AvroSchema schema, ReadOnlySpan<byte> payload, int offset, bool isAfterValue)
    {
        var locator = new PayloadLocator(payload, offset, isAfterValue);
        locator._path.Add(schema is AvroNamedSchema named ? named.Name.Name : "value");
        try
        {
            locator.Find(schema);
        }
        catch (AvroDataException)
        {
            // It fails where reading failed: the path leads there.
        }

        return string.Concat(locator._path);
    }

    private bool Find(AvroSchema schema)
    {
        switch (schema)
        {
            case AvroRecordSchema record:
                _reader.Enter();
                foreach (var field in record.Fields)
                {
                    if (Step("." + field.Name, field.Schema))
                    {
                        return true;
                    }
                }

                _reader.Leave();
                return IsHere();
            case AvroUnionSchema union:
                var branch = _reader.ReadBranch(union.Branches.Count);
                return IsHere() || Find(union.Branches[branch]);
            case AvroArraySchema array:
                return FindItem(array.Items, hasKeys: false);
            case AvroMapSchema map:
                return FindItem(map.Values, hasKeys: true);
            default:
                if (!_isAfterValue && _reader.Position >= _offset && SchemaSizes.MinBytes(schema) > 0)
                {
                    return true;
                }

                PayloadWalker.SkipLeaf(ref _reader, schema);
                return IsHere();
        }
    }

    private bool FindItem(AvroSchema items, bool hasKeys)
    {
        var minBytes = SchemaSizes.MinBytes(items) + (hasKeys ? 1 : 0);
        var index = 0;
        for (var block = _reader.ReadBlock(minBytes); block > 0; block = _reader.ReadBlock(minBytes))
        {
            for (var i = 0; i < block; i++, index++)
            {
                var step = hasKeys
                    ? $"[\"{System.Text.Encoding.UTF8.GetString(_reader.ReadSlice())}\"]"
                    : string.Create(CultureInfo.InvariantCulture, $"[{index}]");
                if (Step(step, items))
                {
                    return true;
                }
            }
        }

        return IsHere();
    }

    private bool Step(string step, AvroSchema schema)
    {
        _path.Add(step);
        if (Find(schema))
        {
            return true;
        }

        _path.RemoveAt(_path.Count - 1);
        return false;
    }

    private readonly bool IsHere() => _isAfterValue ? _reader.Position >= _offset : _reader.Position > _offset;
}

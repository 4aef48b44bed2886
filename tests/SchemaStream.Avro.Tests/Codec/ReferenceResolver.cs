using System.Buffers.Binary;
using System.Text;
using SchemaStream.Avro.Schemas;

namespace SchemaStream.Avro.Tests.Codec;

/// <summary>
/// Schema resolution as the specification says it, one rule after the other, slow and obvious: what the compiled
/// decoders are held against.
/// </summary>
internal sealed class ReferenceResolver(byte[] bytes)
{
    private int _position;

    public static object? Read(AvroSchema writer, AvroSchema reader, byte[] bytes)
    {
        var resolver = new ReferenceResolver(bytes);
        var value = resolver.Read(writer, reader);
        return resolver._position == bytes.Length ? value : throw new InvalidDataException("bytes are left");
    }

    private object? Read(AvroSchema writer, AvroSchema reader)
    {
        if (writer is AvroUnionSchema writers)
        {
            return Read(writers.Branches[(int)Long()], reader);
        }

        if (reader is AvroUnionSchema readers)
        {
            var branch = readers.Branches.FirstOrDefault(b => b.Kind == writer.Kind && b.FullName == writer.FullName)
                ?? readers.Branches.FirstOrDefault(b => Matches(writer, b))
                ?? throw new InvalidDataException("no branch");
            return Read(writer, branch);
        }

        if (!Matches(writer, reader))
        {
            throw new InvalidDataException($"{writer.FullName} as {reader.FullName}");
        }

        return (writer, reader) switch
        {
            (AvroRecordSchema w, AvroRecordSchema r) => Record(w, r),
            (AvroArraySchema w, AvroArraySchema r) => Blocks(() => Read(w.Items, r.Items)),
            (AvroMapSchema w, AvroMapSchema r) => Map(() => Read(w.Values, r.Values)),
            (AvroEnumSchema w, AvroEnumSchema r) => Symbol(w.Symbols[(int)Long()], r),
            (AvroFixedSchema w, _) => Take(w.Size).ToArray(),
            _ => Promote(Primitive(writer.Kind), reader.Kind),
        };
    }

    private static bool Matches(AvroSchema writer, AvroSchema reader) => (writer.Kind, reader.Kind) switch
    {
        (AvroSchemaKind.Int, AvroSchemaKind.Long or AvroSchemaKind.Float or AvroSchemaKind.Double) => true,
        (AvroSchemaKind.Long, AvroSchemaKind.Float or AvroSchemaKind.Double) => true,
        (AvroSchemaKind.Float, AvroSchemaKind.Double) => true,
        (AvroSchemaKind.String, AvroSchemaKind.Bytes) or (AvroSchemaKind.Bytes, AvroSchemaKind.String) => true,
        _ when writer.Kind != reader.Kind => false,
        (AvroSchemaKind.Fixed, _) => Named(writer, reader) && ((AvroFixedSchema)writer).Size == ((AvroFixedSchema)reader).Size,
        (AvroSchemaKind.Record or AvroSchemaKind.Enum, _) => Named(writer, reader),
        _ => true,
    };

    private static bool Named(AvroSchema writer, AvroSchema reader) =>
        ((AvroNamedSchema)writer).Name.Name == ((AvroNamedSchema)reader).Name.Name
        || ((AvroNamedSchema)reader).Aliases.Contains(((AvroNamedSchema)writer).Name);

    private AvroRecord Record(AvroRecordSchema writer, AvroRecordSchema reader)
    {
        var record = new AvroRecord(reader);
        var filled = new HashSet<string>();
        foreach (var written in writer.Fields)
        {
            var field = reader.Fields.FirstOrDefault(f => f.Name == written.Name)
                ?? reader.Fields.FirstOrDefault(f => f.Aliases.Contains(written.Name) && writer.FindField(f.Name) is null);
            var value = Read(written.Schema, field?.Schema ?? written.Schema);
            if (field is not null)
            {
                record[field.Name] = value;
                filled.Add(field.Name);
            }
        }

        foreach (var field in reader.Fields.Where(f => !filled.Contains(f.Name)))
        {
            record[field.Name] = field.Default is { } value ? PlainJson.ToValue(field.Schema, value) : throw new InvalidDataException("no default");
        }

        return record;
    }

    private static string Symbol(string symbol, AvroEnumSchema reader) =>
        reader.OrdinalOf(symbol) >= 0 ? symbol : reader.Default ?? throw new InvalidDataException("no symbol");

    private static object? Promote(object? value, AvroSchemaKind kind) => (value, kind) switch
    {
        (int number, AvroSchemaKind.Long) => (long)number,
        (int number, AvroSchemaKind.Float) => (float)number,
        (int number, AvroSchemaKind.Double) => (double)number,
        (long number, AvroSchemaKind.Float) => (float)number,
        (long number, AvroSchemaKind.Double) => (double)number,
        (float number, AvroSchemaKind.Double) => (double)number,
        (string text, AvroSchemaKind.Bytes) => Encoding.UTF8.GetBytes(text),
        (byte[] raw, AvroSchemaKind.String) => new UTF8Encoding(false, true).GetString(raw),
        _ => value,
    };

    private object? Primitive(AvroSchemaKind kind) => kind switch
    {
        AvroSchemaKind.Null => null,
        AvroSchemaKind.Boolean => Take(1)[0] == 1,
        AvroSchemaKind.Int => (int)Long(),
        AvroSchemaKind.Long => Long(),
        AvroSchemaKind.Float => BinaryPrimitives.ReadSingleLittleEndian(Take(4)),
        AvroSchemaKind.Double => BinaryPrimitives.ReadDoubleLittleEndian(Take(8)),
        AvroSchemaKind.String => Encoding.UTF8.GetString(Take((int)Long())),
        _ => Take((int)Long()).ToArray(),
    };

    private List<object?> Blocks(Func<object?> item)
    {
        var items = new List<object?>();
        for (var count = Long(); count != 0; count = Long())
        {
            for (var i = 0; i < count; i++)
            {
                items.Add(item());
            }
        }

        return items;
    }

    private Dictionary<string, object?> Map(Func<object?> value)
    {
        var pairs = Blocks(() => new KeyValuePair<string, object?>((string)Primitive(AvroSchemaKind.String)!, value()));
        return pairs.Select(pair => (KeyValuePair<string, object?>)pair!).ToDictionary();
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        _position += count;
        return bytes.AsSpan(_position - count, count);
    }

    private long Long()
    {
        ulong value = 0;
        for (var shift = 0; ; shift += 7)
        {
            var next = Take(1)[0];
            value |= (ulong)(next & 0x7f) << shift;
            if (next < 0x80)
            {
                return (long)(value >> 1) ^ -(long)(value & 1);
            }
        }
    }
}

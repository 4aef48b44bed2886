using Google.Protobuf;
using SchemaStream.Protobuf.Linking;

namespace SchemaStream.Protobuf.Options;

/// <summary>A message of a type known only from its descriptor: the value of an option.</summary>
internal sealed class DynamicMessage(MessageSymbol type)
{
    private readonly SortedDictionary<int, List<WireValue>> _values = [];
    private readonly Dictionary<int, FieldSymbol> _fields = [];

    public MessageSymbol Type { get; } = type;

    /// <summary>The fields that are set, by number.</summary>
    public IEnumerable<(FieldSymbol Field, IReadOnlyList<WireValue> Values)> Fields =>
        _values.Select(pair => (_fields[pair.Key], (IReadOnlyList<WireValue>)pair.Value));

    /// <summary>Whether zeros are written even where they mean the same as nothing: a dotted option writes what it says.</summary>
    public bool KeepsZeros { get; init; }

    /// <summary>The one field and value in it; null when there are more or none.</summary>
    public (FieldSymbol Field, WireValue Value)? Only =>
        _values.Count == 1 && _values.First() is { Value.Count: 1 } only ? (_fields[only.Key], only.Value[0]) : null;

    public bool Has(FieldSymbol field) => _values.ContainsKey(field.Proto.Number);

    public void Add(FieldSymbol field, WireValue value)
    {
        _fields.TryAdd(field.Proto.Number, field);
        if (!_values.TryGetValue(field.Proto.Number, out var values))
        {
            _values[field.Proto.Number] = values = [];
        }

        values.Add(value);
    }

    /// <summary>Takes a value as a reader of bytes does: a later one replaces, messages are merged.</summary>
    public void Put(FieldSymbol field, WireValue value)
    {
        if (field.IsRepeated || !_values.TryGetValue(field.Proto.Number, out var values))
        {
            Add(field, value);
            return;
        }

        if (value.Message is null || values[0].Message is not { } old)
        {
            values[0] = value;
            return;
        }

        foreach (var (inner, items) in value.Message.Fields)
        {
            foreach (var item in items)
            {
                old.Put(inner, item);
            }
        }
    }

    /// <summary>The member of a oneof that is set; null when none is.</summary>
    public FieldSymbol? Member(int oneof) =>
        _fields.Values.FirstOrDefault(f => !f.IsExtension && f.Proto.HasOneofIndex && f.Proto.OneofIndex == oneof);

    public byte[] ToByteArray()
    {
        using var memory = new MemoryStream();
        using var output = new CodedOutputStream(memory);
        Write(output);
        output.Flush();
        return memory.ToArray();
    }

    /// <summary>Writes the fields in the order of their numbers, as protoc's library does.</summary>
    public void Write(CodedOutputStream output)
    {
        foreach (var (field, values) in Fields)
        {
            if (field.IsPacked && !KeepsZeros)
            {
                WritePacked(output, field, values);
                continue;
            }

            foreach (var value in values)
            {
                if (KeepsZeros || field.IsRepeated || field.HasPresence || Type.IsMapEntry || !value.IsZero)
                {
                    value.Write(output, field);
                }
            }
        }
    }

    private static void WritePacked(CodedOutputStream output, FieldSymbol field, IReadOnlyList<WireValue> values)
    {
        using var memory = new MemoryStream();
        using var packed = new CodedOutputStream(memory);
        foreach (var value in values)
        {
            value.WriteBare(packed, field.Proto.Type);
        }

        packed.Flush();
        output.WriteTag(field.Proto.Number, WireFormat.WireType.LengthDelimited);
        output.WriteBytes(ByteString.CopyFrom(memory.ToArray()));
    }
}

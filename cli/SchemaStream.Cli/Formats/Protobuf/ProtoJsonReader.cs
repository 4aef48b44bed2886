using System.Globalization;
using System.Text.Json;
using Google.Protobuf.Reflection;

namespace SchemaStream.Cli.Formats.Protobuf;

/// <summary>Writes JSON, as Protobuf's own readers take it, in Protobuf's wire format; fields in the order of their numbers.</summary>
internal sealed partial class ProtoJsonReader(ProtoTypes types)
{
    private readonly List<string> _path = [];

    public void Write(MessageDescriptor type, JsonElement value, ByteSink output)
    {
        if (_path.Count > 2 * ProtoMessage.Deepest)
        {
            throw Fault($"the message nests more than {ProtoMessage.Deepest} levels deep");
        }

        if (TryWriteWellKnown(type, value, output))
        {
            return;
        }

        WriteFields(type, value, output, passOver: null);
    }

    private void WriteFields(MessageDescriptor type, JsonElement value, ByteSink output, string? passOver)
    {
        if (value.ValueKind != JsonValueKind.Object)
        {
            throw Fault($"{Excerpt(value)} is no {type.FullName}: an object is wanted");
        }

        var given = Given(type, value, passOver);
        foreach (var field in type.Fields.InFieldNumberOrder())
        {
            if (!given.TryGetValue(field.FieldNumber, out var member))
            {
                _ = field.IsRequired ? throw Fault($"the required field {field.Name} of {type.FullName} is missing") : 0;
                continue;
            }

            _path.Add(field.JsonName);
            WriteField(field, member, output);
            _path.RemoveAt(_path.Count - 1);
        }
    }

    private Dictionary<int, JsonElement> Given(MessageDescriptor type, JsonElement value, string? passOver)
    {
        var given = new Dictionary<int, JsonElement>();
        var chosen = new Dictionary<OneofDescriptor, string>();
        foreach (var member in value.EnumerateObject())
        {
            if (member.Name == passOver)
            {
                continue;
            }

            var field = FieldOf(type, member.Name)
                ?? throw Fault($"{type.FullName} has no field \"{member.Name}\"; it has {string.Join(", ", type.Fields.InFieldNumberOrder().Take(20).Select(each => each.JsonName))}");
            if (member.Value.ValueKind == JsonValueKind.Null && !TakesNull(field))
            {
                continue; // as if it were not there
            }

            if (!given.TryAdd(field.FieldNumber, member.Value))
            {
                throw Fault($"the field \"{member.Name}\" is there twice");
            }

            if (field.RealContainingOneof is { } oneof && !chosen.TryAdd(oneof, member.Name))
            {
                throw Fault($"\"{member.Name}\" and \"{chosen[oneof]}\" exclude each other: both are of the oneof {oneof.Name}");
            }
        }

        return given;
    }

    private static FieldDescriptor? FieldOf(MessageDescriptor type, string name)
    {
        foreach (var field in type.Fields.InFieldNumberOrder())
        {
            if (field.JsonName == name || field.Name == name)
            {
                return field;
            }
        }

        return null;
    }

    private static bool TakesNull(FieldDescriptor field) => !field.IsRepeated
        && ((field.FieldType == FieldType.Message && field.MessageType.FullName == "google.protobuf.Value")
            || (field.FieldType == FieldType.Enum && field.EnumType.FullName == "google.protobuf.NullValue"));

    private void WriteField(FieldDescriptor field, JsonElement value, ByteSink output)
    {
        if (field.IsMap)
        {
            WriteMap(field, value, output);
        }
        else if (field.IsRepeated)
        {
            WriteRepeated(field, value, output);
        }
        else if (field.HasPresence || !IsDefault(field, value))
        {
            WriteTagged(field, value, output);
        }
    }

    private void WriteRepeated(FieldDescriptor field, JsonElement value, ByteSink output)
    {
        if (value.ValueKind != JsonValueKind.Array)
        {
            throw Fault($"{Excerpt(value)} is no list of {Describe(field)}");
        }

        // Google.Protobuf says of every repeated field of proto3 that it is packed, also of those that cannot be.
        var packed = field.IsPacked && ProtoMessage.WireOf(field.FieldType) is (ProtoWire.Varint or ProtoWire.Fixed32 or ProtoWire.Fixed64) ? new ByteSink() : null;
        var index = 0;
        foreach (var item in value.EnumerateArray())
        {
            _path.Add($"[{index++.ToString(CultureInfo.InvariantCulture)}]");
            if (packed is null)
            {
                WriteTagged(field, item, output);
            }
            else
            {
                WriteScalar(field, item, packed);
            }

            _path.RemoveAt(_path.Count - 1);
        }

        if (packed is { Length: > 0 })
        {
            WriteTag(field.FieldNumber, ProtoWire.Length, output);
            output.AddVarint((ulong)packed.Length);
            output.Add(packed.ToArray());
        }
    }

    private void WriteMap(FieldDescriptor field, JsonElement value, ByteSink output)
    {
        if (value.ValueKind != JsonValueKind.Object)
        {
            throw Fault($"{Excerpt(value)} is no map: an object is wanted");
        }

        var (keys, values) = (field.MessageType.FindFieldByNumber(1), field.MessageType.FindFieldByNumber(2));
        foreach (var member in value.EnumerateObject())
        {
            _path.Add(member.Name);
            var entry = new ByteSink();
            WriteTag(1, ProtoMessage.WireOf(keys.FieldType), entry);
            WriteKey(keys, member.Name, entry);
            WriteTagged(values, member.Value, entry);
            WriteTag(field.FieldNumber, ProtoWire.Length, output);
            output.AddVarint((ulong)entry.Length);
            output.Add(entry.ToArray());
            _path.RemoveAt(_path.Count - 1);
        }
    }

    private void WriteTagged(FieldDescriptor field, JsonElement value, ByteSink output)
    {
        if (field.FieldType is not (FieldType.Message or FieldType.Group))
        {
            WriteTag(field.FieldNumber, ProtoMessage.WireOf(field.FieldType), output);
            WriteScalar(field, value, output);
            return;
        }

        var inner = new ByteSink();
        Write(field.MessageType, value, inner);
        if (field.FieldType == FieldType.Group)
        {
            WriteTag(field.FieldNumber, ProtoWire.StartGroup, output);
            output.Add(inner.ToArray());
            WriteTag(field.FieldNumber, ProtoWire.EndGroup, output);
        }
        else
        {
            WriteTag(field.FieldNumber, ProtoWire.Length, output);
            output.AddVarint((ulong)inner.Length);
            output.Add(inner.ToArray());
        }
    }

    private static void WriteTag(int number, ProtoWire wire, ByteSink output) => output.AddVarint(((ulong)number << 3) | (uint)wire);

    private CodecException Misfit(FieldDescriptor field, JsonElement value) => Fault($"{Excerpt(value)} is no {Describe(field)}");

    private CodecException Fault(string problem) =>
        new(_path.Count == 0 ? problem : $"{string.Join('.', _path).Replace(".[", "[", StringComparison.Ordinal)}: {problem}");

    private static string Describe(FieldDescriptor field) => field.FieldType switch
    {
        FieldType.Message or FieldType.Group => field.MessageType.FullName,
        FieldType.Enum => $"{field.EnumType.FullName} ({string.Join(", ", field.EnumType.Values.Take(20).Select(value => value.Name))})",
        var type => ScalarName(type),
    };

    private static string ScalarName(FieldType type) => type.ToString().ToLowerInvariant();

    private static string Excerpt(JsonElement value)
    {
        const int most = 60;
        var text = value.ValueKind is JsonValueKind.Object ? "an object" : value.ValueKind is JsonValueKind.Array ? "an array" : value.GetRawText();
        return text.Length > most ? text[..most] + "…" : text;
    }
}

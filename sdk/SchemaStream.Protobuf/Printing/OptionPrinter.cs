using System.Globalization;
using System.Text;
using Google.Protobuf;
using SchemaStream.Protobuf.Linking;
using SchemaStream.Protobuf.Options;
using SchemaStream.Protobuf.Parsing;
using Type = Google.Protobuf.Reflection.FieldDescriptorProto.Types.Type;

namespace SchemaStream.Protobuf.Printing;

/// <summary>Writes options as <c>name = value</c>.</summary>
internal sealed class OptionPrinter(OptionTypes types, OptionReader reader, NameWriter names, bool isNormalized)
{
    /// <summary>The options of one declaration.</summary>
    /// <param name="options">The options' message; null for none.</param>
    /// <param name="scope">The full name of what the declaration is in.</param>
    public List<string> Print(IMessage? options, string scope)
    {
        var result = new List<string>();
        if (options is null)
        {
            return result;
        }

        var values = reader.Read(options.ToByteArray(), types.Find(options.Descriptor.FullName));
        foreach (var group in InGroups(values))
        {
            var field = group[0].Field;
            var name = field.IsExtension ? names.Option(field, scope) : field.Name;
            if (field is { IsMessage: true, IsRepeated: false } && group.Count > 1)
            {
                PrintRecords(name, [.. group.Select(static v => v.Value.Message!)], field, scope, result);
                continue;
            }

            foreach (var (_, value) in field.IsRepeated ? group : [group[^1]])
            {
                if (Top(field, value) is { } text)
                {
                    result.Add($"{name} = {text}");
                }
            }
        }

        if (isNormalized)
        {
            // Values of one name keep their order: it is the order of a list.
            result = [.. result.OrderBy(static o => o[..o.IndexOf(" = ", StringComparison.Ordinal)], StringComparer.Ordinal)];
        }

        return result;
    }

    private static List<List<(FieldSymbol Field, WireValue Value)>> InGroups(List<(FieldSymbol Field, WireValue Value)> values)
    {
        var byNumber = new Dictionary<int, List<(FieldSymbol, WireValue)>>();
        var groups = new List<List<(FieldSymbol, WireValue)>>();
        foreach (var value in values)
        {
            if (!byNumber.TryGetValue(value.Field.Proto.Number, out var group))
            {
                byNumber[value.Field.Proto.Number] = group = [];
                groups.Add(group);
            }

            group.Add(value);
        }

        return groups;
    }

    // (a).b = 1, (a).c = 2 leaves one record each: only dotted names bring these back as they were.
    private void PrintRecords(string name, List<DynamicMessage> records, FieldSymbol field, string scope, List<string> result)
    {
        if (isNormalized || records.Skip(1).Any(static r => r.Only is null))
        {
            result.Add($"{name} = {Braces(reader.Merge(records, field.MessageType))}");
            return;
        }

        foreach (var record in records)
        {
            var path = name;
            var value = new WireValue(0, null, record);
            var leaf = field;
            while (value.Message?.Only is { } only && (leaf == field || !leaf.IsRepeated))
            {
                leaf = only.Field;
                value = only.Value;
                path += "." + (leaf.IsExtension ? names.Option(leaf, scope) : leaf.Name);
            }

            if (Top(leaf, value) is { } text)
            {
                result.Add($"{path} = {text}");
            }
        }
    }

    private string? Top(FieldSymbol field, WireValue value) =>
        field.Proto.Type == Type.Enum ? field.EnumType.NameOf(unchecked((int)value.Bits)) : Value(field, value);

    private string Value(FieldSymbol field, WireValue value)
    {
        var culture = CultureInfo.InvariantCulture;
        var bits = value.Bits;
        return field.Proto.Type switch
        {
            Type.Int32 or Type.Sfixed32 => unchecked((int)bits).ToString(culture),
            Type.Sint32 => (unchecked((int)((uint)bits >> 1)) ^ -unchecked((int)(bits & 1))).ToString(culture),
            Type.Int64 or Type.Sfixed64 => unchecked((long)bits).ToString(culture),
            Type.Sint64 => (unchecked((long)(bits >> 1)) ^ -unchecked((long)(bits & 1))).ToString(culture),
            Type.Uint32 or Type.Fixed32 => unchecked((uint)bits).ToString(culture),
            Type.Uint64 or Type.Fixed64 => bits.ToString(culture),
            Type.Float => Number(FloatText.Of(BitConverter.UInt32BitsToSingle(unchecked((uint)bits))), bits >> 31 != 0),
            Type.Double => Number(FloatText.Of(BitConverter.UInt64BitsToDouble(bits)), bits >> 63 != 0),
            Type.Bool => bits != 0 ? "true" : "false",
            Type.Enum => field.EnumType.NameOf(unchecked((int)bits)) ?? unchecked((int)bits).ToString(culture),
            Type.String => ProtoText.Quote(value.Bytes!, isText: true),
            Type.Bytes => ProtoText.Quote(value.Bytes!, isText: false),
            _ => Braces(value.Message!),
        };
    }

    // Minus zero as an integer literal would lose its sign, as would a nan that has one.
    private static string Number(string text, bool isNegative) =>
        text == "-0" ? "-0.0" : text == "nan" && isNegative ? "-nan" : text;

    private string Braces(DynamicMessage message)
    {
        var output = new StringBuilder("{");
        var separator = " ";
        foreach (var (field, values) in InOrder(message))
        {
            output.Append(separator).Append(NameOf(field, message.Type)).Append(": ");
            separator = ", ";
            if (values.Count == 1)
            {
                output.Append(Value(field, values[0]));
                continue;
            }

            output.Append('[').AppendJoin(", ", values.Select(v => Value(field, v))).Append(']');
        }

        return output.Append(separator == " " ? "}" : " }").ToString();
    }

    private IEnumerable<(FieldSymbol Field, IReadOnlyList<WireValue> Values)> InOrder(DynamicMessage message)
    {
        if (!isNormalized)
        {
            return message.Fields;
        }

        return message.Fields
            .Select(f => f.Field is { IsMessage: true, MessageType.IsMapEntry: true } ? (f.Field, InKeyOrder(f.Field, f.Values)) : f)
            .OrderBy(f => NameOf(f.Field, message.Type), StringComparer.Ordinal);
    }

    // A map has no order: of two texts of one map, one must be chosen.
    private List<WireValue> InKeyOrder(FieldSymbol map, IReadOnlyList<WireValue> entries) =>
        [.. entries.OrderBy(e => Value(map, e), StringComparer.Ordinal)];

    private string NameOf(FieldSymbol field, MessageSymbol within) =>
        field.IsExtension ? names.Extension(field, within)
        : field.Proto.Type == Type.Group ? field.MessageType.Name
        : field.Name;
}

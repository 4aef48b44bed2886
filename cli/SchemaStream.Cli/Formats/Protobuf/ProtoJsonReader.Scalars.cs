using System.Globalization;
using System.Numerics;
using System.Text.Json;
using Google.Protobuf.Reflection;

namespace SchemaStream.Cli.Formats.Protobuf;

/// <content>Values that are not messages.</content>
internal sealed partial class ProtoJsonReader
{
    private const int LongestNumber = 400;

    private void WriteScalar(FieldDescriptor field, JsonElement value, ByteSink output)
    {
        switch (field.FieldType)
        {
            case FieldType.Bool:
                output.Add(value.ValueKind switch { JsonValueKind.True => 1, JsonValueKind.False => 0, _ => throw Misfit(field, value) });
                break;
            case FieldType.String:
                WriteText(Text(field, value), output);
                break;
            case FieldType.Bytes:
                var bytes = Base64(Text(field, value)) ?? throw Misfit(field, value);
                output.AddVarint((ulong)bytes.Length);
                output.Add(bytes);
                break;
            case FieldType.Float:
                output.AddFixed32(BitConverter.SingleToUInt32Bits(JsonNumbers.ReadSingle(value) ?? throw Misfit(field, value)));
                break;
            case FieldType.Double:
                output.AddFixed64(BitConverter.DoubleToUInt64Bits(JsonNumbers.Read(value) ?? throw Misfit(field, value)));
                break;
            case FieldType.Enum:
                output.AddVarint((ulong)(long)EnumNumber(field, value));
                break;
            default:
                WriteWhole(field.FieldType, Whole(value) is { } whole && IsWithin(field.FieldType, whole) ? whole : throw Misfit(field, value), output);
                break;
        }
    }

    private void WriteKey(FieldDescriptor keys, string text, ByteSink output)
    {
        switch (keys.FieldType)
        {
            case FieldType.String:
                WriteText(text, output);
                break;
            case FieldType.Bool:
                output.Add(text switch { "true" => 1, "false" => 0, _ => throw Fault($"the key \"{text}\" is neither true nor false") });
                break;
            default:
                var whole = BigInteger.TryParse(text.Length <= LongestNumber ? text : "", NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var key)
                    && IsWithin(keys.FieldType, key)
                    ? key
                    : throw Fault($"the key \"{text}\" is no {Describe(keys)}");
                WriteWhole(keys.FieldType, whole, output);
                break;
        }
    }

    private static void WriteWhole(FieldType type, BigInteger value, ByteSink output)
    {
        switch (type)
        {
            case FieldType.SInt32 or FieldType.SInt64:
                output.AddZigzag((long)value);
                break;
            case FieldType.Fixed32:
                output.AddFixed32((uint)value);
                break;
            case FieldType.SFixed32:
                output.AddFixed32((uint)(int)value);
                break;
            case FieldType.Fixed64:
                output.AddFixed64((ulong)value);
                break;
            case FieldType.SFixed64:
                output.AddFixed64((ulong)(long)value);
                break;
            default:
                output.AddVarint(value.Sign < 0 ? (ulong)(long)value : (ulong)value);
                break;
        }
    }

    private static bool IsWithin(FieldType type, BigInteger value) => type switch
    {
        FieldType.Int32 or FieldType.SInt32 or FieldType.SFixed32 => value >= int.MinValue && value <= int.MaxValue,
        FieldType.UInt32 or FieldType.Fixed32 => value >= 0 && value <= uint.MaxValue,
        FieldType.UInt64 or FieldType.Fixed64 => value >= 0 && value <= ulong.MaxValue,
        _ => value >= long.MinValue && value <= long.MaxValue,
    };

    /// <summary>A whole number, also as a text or with a fraction of zeros.</summary>
    private static BigInteger? Whole(JsonElement value)
    {
        var text = value.ValueKind switch
        {
            JsonValueKind.Number => value.GetRawText(),
            JsonValueKind.String => value.GetString()!,
            _ => "",
        };
        if (text.Length is 0 or > LongestNumber)
        {
            return null;
        }

        if (BigInteger.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole))
        {
            return whole;
        }

        // 1e3 and 2.0 are whole numbers as well; what no decimal holds exactly is none of a field.
        return decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var real) && real == decimal.Truncate(real)
            ? new BigInteger(real)
            : null;
    }

    private int EnumNumber(FieldDescriptor field, JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => field.EnumType.FindValueByName(value.GetString()!)?.Number ?? throw Misfit(field, value),
        JsonValueKind.Number when value.TryGetInt32(out var number) => number,
        JsonValueKind.Null => 0,
        _ => throw Misfit(field, value),
    };

    private string Text(FieldDescriptor field, JsonElement value)
    {
        try
        {
            return value.ValueKind == JsonValueKind.String ? value.GetString()! : throw Misfit(field, value);
        }
        catch (InvalidOperationException halved)
        {
            throw new CodecException(Fault("the text has half a surrogate pair").Message, halved);
        }
    }

    private static void WriteText(string text, ByteSink output)
    {
        output.AddVarint((ulong)System.Text.Encoding.UTF8.GetByteCount(text));
        output.AddText(text);
    }

    /// <summary>Both alphabets, with padding and without.</summary>
    private static byte[]? Base64(string text)
    {
        var plain = text.TrimEnd('=').Replace('-', '+').Replace('_', '/');
        try
        {
            return Convert.FromBase64String(plain.PadRight((plain.Length + 3) / 4 * 4, '='));
        }
        catch (FormatException)
        {
            return null;
        }
    }

    /// <summary>Whether a field that has no presence is left out: its default is what a reader takes for nothing.</summary>
    private bool IsDefault(FieldDescriptor field, JsonElement value)
    {
        var probe = new ByteSink();
        WriteScalar(field, value, probe);
        return probe.ToArray().AsSpan().IndexOfAnyExcept((byte)0) < 0;
    }
}

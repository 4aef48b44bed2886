using System.Globalization;
using System.Text.Json;
using Google.Protobuf.Reflection;

namespace SchemaStream.Cli.Formats.Protobuf;

/// <summary>Writes messages as Protobuf's canonical JSON, those fields included that have their default without having been set.</summary>
/// <remarks>https://protobuf.dev/programming-guides/json/. 64-bit numbers are texts there, and so exact for every reader.</remarks>
internal sealed partial class ProtoJsonPrinter(ProtoTypes types, Utf8JsonWriter output)
{
    public void Write(ProtoMessage message, int depth = 0)
    {
        if (depth > ProtoMessage.Deepest)
        {
            throw new CodecException($"the message nests more than {ProtoMessage.Deepest} levels deep");
        }

        if (TryWriteWellKnown(message, depth))
        {
            return;
        }

        output.WriteStartObject();
        WriteFields(message, depth);
        output.WriteEndObject();
    }

    private void WriteFields(ProtoMessage message, int depth)
    {
        foreach (var field in message.Type.Fields.InFieldNumberOrder())
        {
            var value = message[field.FieldNumber];
            if (value is null && !field.IsRepeated && field.HasPresence)
            {
                continue;
            }

            output.WritePropertyName(field.JsonName);
            if (field.IsMap)
            {
                WriteMap(field, (List<object>?)value ?? [], depth);
            }
            else if (field.IsRepeated)
            {
                output.WriteStartArray();
                foreach (var item in (List<object>?)value ?? [])
                {
                    WriteValue(field, item, depth);
                }

                output.WriteEndArray();
            }
            else
            {
                WriteValue(field, value ?? DefaultOf(field), depth);
            }
        }
    }

    private void WriteMap(FieldDescriptor field, List<object> entries, int depth)
    {
        var (keys, values) = (field.MessageType.FindFieldByNumber(1), field.MessageType.FindFieldByNumber(2));
        var last = new Dictionary<string, ProtoMessage>(entries.Count, StringComparer.Ordinal);
        foreach (ProtoMessage entry in entries)
        {
            last[KeyText(entry[1] ?? DefaultOf(keys))] = entry;
        }

        output.WriteStartObject();
        foreach (var (key, entry) in last)
        {
            output.WritePropertyName(key);
            WriteValue(values, entry[2] ?? (values.FieldType == FieldType.Message ? new ProtoMessage(values.MessageType) : DefaultOf(values)), depth);
        }

        output.WriteEndObject();
    }

    private static string KeyText(object key) => key switch
    {
        bool truth => truth ? "true" : "false",
        string text => text,
        _ => Convert.ToString(key, CultureInfo.InvariantCulture)!,
    };

    private void WriteValue(FieldDescriptor field, object value, int depth)
    {
        switch (value)
        {
            case ProtoMessage message:
                Write(message, depth + 1);
                break;
            case int number when field.FieldType == FieldType.Enum:
                WriteEnum(field.EnumType, number);
                break;
            case int number:
                output.WriteNumberValue(number);
                break;
            case uint number:
                output.WriteNumberValue(number);
                break;
            case long number:
                output.WriteStringValue(number.ToString(CultureInfo.InvariantCulture));
                break;
            case ulong number:
                output.WriteStringValue(number.ToString(CultureInfo.InvariantCulture));
                break;
            case float number:
                JsonNumbers.Write(output, number);
                break;
            case double number:
                JsonNumbers.Write(output, number);
                break;
            case bool truth:
                output.WriteBooleanValue(truth);
                break;
            case byte[] bytes:
                output.WriteBase64StringValue(bytes);
                break;
            default:
                output.WriteStringValue((string)value);
                break;
        }
    }

    private void WriteEnum(EnumDescriptor type, int number)
    {
        if (type.FullName == "google.protobuf.NullValue")
        {
            output.WriteNullValue();
        }
        else if (type.FindValueByNumber(number) is { } known)
        {
            output.WriteStringValue(known.Name);
        }
        else
        {
            output.WriteNumberValue(number); // of a newer writer
        }
    }

    /// <summary>What a field without presence has where the bytes say nothing.</summary>
    private static object DefaultOf(FieldDescriptor field) => field.FieldType switch
    {
        FieldType.Enum => field.EnumType.Values[0].Number,
        FieldType.Int32 or FieldType.SInt32 or FieldType.SFixed32 => 0,
        FieldType.UInt32 or FieldType.Fixed32 => 0u,
        FieldType.Int64 or FieldType.SInt64 or FieldType.SFixed64 => 0L,
        FieldType.UInt64 or FieldType.Fixed64 => 0UL,
        FieldType.Float => 0f,
        FieldType.Double => 0d,
        FieldType.Bool => false,
        FieldType.Bytes => Array.Empty<byte>(),
        _ => "",
    };
}

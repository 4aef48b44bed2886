using System.Globalization;

namespace SchemaStream.Cli.Formats.Protobuf;

/// <content>Types that have a form of their own in JSON.</content>
internal sealed partial class ProtoJsonPrinter
{
    private bool TryWriteWellKnown(ProtoMessage message, int depth)
    {
        switch (message.Type.FullName)
        {
            case "google.protobuf.Timestamp":
                output.WriteStringValue(ProtoTimes.OfTimestamp(message[1] as long? ?? 0, message[2] as int? ?? 0));
                return true;
            case "google.protobuf.Duration":
                output.WriteStringValue(ProtoTimes.OfDuration(message[1] as long? ?? 0, message[2] as int? ?? 0));
                return true;
            case "google.protobuf.FieldMask":
                output.WriteStringValue(string.Join(',', ((List<object>?)message[1] ?? []).Select(path => ProtoNames.ToCamel((string)path))));
                return true;
            case "google.protobuf.Struct":
                WriteMap(message.Type.FindFieldByNumber(1), (List<object>?)message[1] ?? [], depth);
                return true;
            case "google.protobuf.ListValue":
                output.WriteStartArray();
                foreach (ProtoMessage item in (List<object>?)message[1] ?? [])
                {
                    Write(item, depth + 1);
                }

                output.WriteEndArray();
                return true;
            case "google.protobuf.Value":
                WriteAnyJson(message, depth);
                return true;
            case "google.protobuf.Any":
                WriteAny(message, depth);
                return true;
            case { } name when ProtoNames.IsWrapper(name):
                var field = message.Type.FindFieldByNumber(1);
                WriteValue(field, message[1] ?? DefaultOf(field), depth);
                return true;
            default:
                return false;
        }
    }

    private void WriteAnyJson(ProtoMessage value, int depth)
    {
        foreach (var field in value.Type.Fields.InFieldNumberOrder())
        {
            if (value[field.FieldNumber] is { } set)
            {
                if (set is double number && !double.IsFinite(number))
                {
                    throw new CodecException($"google.protobuf.Value holds {number.ToString(CultureInfo.InvariantCulture)}, which JSON has no number for");
                }

                WriteValue(field, set, depth);
                return;
            }
        }

        output.WriteNullValue();
    }

    private void WriteAny(ProtoMessage any, int depth)
    {
        var url = any[1] as string ?? "";
        var payload = any[2] as byte[] ?? [];
        output.WriteStartObject();
        if (url.Length > 0)
        {
            var type = types.Resolve(url);
            output.WriteString("@type", url);
            var inner = ProtoMessage.Parse(type, payload, depth + 1);
            if (ProtoNames.IsWellKnown(type.FullName))
            {
                output.WritePropertyName("value");
                Write(inner, depth + 1);
            }
            else
            {
                WriteFields(inner, depth + 1);
            }
        }

        output.WriteEndObject();
    }
}

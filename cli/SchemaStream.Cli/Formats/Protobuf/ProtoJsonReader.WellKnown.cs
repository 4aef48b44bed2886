using System.Text.Json;
using Google.Protobuf.Reflection;

namespace SchemaStream.Cli.Formats.Protobuf;

/// <content>Types that have a form of their own in JSON.</content>
internal sealed partial class ProtoJsonReader
{
    private bool TryWriteWellKnown(MessageDescriptor type, JsonElement value, ByteSink output)
    {
        switch (type.FullName)
        {
            case "google.protobuf.Timestamp":
                WriteMoment(type, value, ProtoTimes.ParseTimestamp, output);
                return true;
            case "google.protobuf.Duration":
                WriteMoment(type, value, ProtoTimes.ParseDuration, output);
                return true;
            case "google.protobuf.FieldMask":
                WriteFieldMask(type, value, output);
                return true;
            case "google.protobuf.Struct":
                WriteMap(type.FindFieldByNumber(1), value, output);
                return true;
            case "google.protobuf.ListValue":
                WriteRepeated(type.FindFieldByNumber(1), value, output);
                return true;
            case "google.protobuf.Value":
                WriteAnyJson(type, value, output);
                return true;
            case "google.protobuf.Any":
                WriteAny(type, value, output);
                return true;
            case { } name when ProtoNames.IsWrapper(name):
                var field = type.FindFieldByNumber(1);
                if (!IsDefault(field, value))
                {
                    WriteTagged(field, value, output);
                }

                return true;
            default:
                return false;
        }
    }

    private void WriteMoment(MessageDescriptor type, JsonElement value, Func<string, (long Seconds, int Nanos)?> parse, ByteSink output)
    {
        var (seconds, nanos) = (value.ValueKind == JsonValueKind.String ? parse(value.GetString()!) : null)
            ?? throw Fault($"{Excerpt(value)} is no {type.FullName}");
        if (seconds != 0)
        {
            WriteTag(1, ProtoWire.Varint, output);
            output.AddVarint((ulong)seconds);
        }

        if (nanos != 0)
        {
            WriteTag(2, ProtoWire.Varint, output);
            output.AddVarint((ulong)nanos);
        }
    }

    private void WriteFieldMask(MessageDescriptor type, JsonElement value, ByteSink output)
    {
        var paths = value.ValueKind == JsonValueKind.String ? value.GetString()! : throw Fault($"{Excerpt(value)} is no {type.FullName}");
        foreach (var path in paths.Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            WriteTag(1, ProtoWire.Length, output);
            WriteText(ProtoNames.ToSnake(path), output);
        }
    }

    private void WriteAnyJson(MessageDescriptor type, JsonElement value, ByteSink output)
    {
        var number = value.ValueKind switch
        {
            JsonValueKind.Null => 1,
            JsonValueKind.Number => 2,
            JsonValueKind.String => 3,
            JsonValueKind.True or JsonValueKind.False => 4,
            JsonValueKind.Object => 5,
            _ => 6,
        };
        _path.Add("");
        WriteTagged(type.FindFieldByNumber(number), value, output);
        _path.RemoveAt(_path.Count - 1);
    }

    private void WriteAny(MessageDescriptor type, JsonElement value, ByteSink output)
    {
        if (value.ValueKind != JsonValueKind.Object)
        {
            throw Fault($"{Excerpt(value)} is no {type.FullName}: an object with \"@type\" is wanted");
        }

        if (!value.TryGetProperty("@type", out var url))
        {
            _ = value.EnumerateObject().Any() ? throw Fault("an Any needs \"@type\", such as type.googleapis.com/acme.Order") : 0;
            return;
        }

        var name = url.ValueKind == JsonValueKind.String ? url.GetString()! : throw Fault("\"@type\" is no text");
        var inner = types.Resolve(name);
        var payload = new ByteSink();
        _path.Add("@type");
        if (ProtoNames.IsWellKnown(inner.FullName))
        {
            Write(inner, value.TryGetProperty("value", out var held) ? held : throw Fault($"an Any of {inner.FullName} needs \"value\""), payload);
        }
        else
        {
            WriteFields(inner, value, payload, passOver: "@type");
        }

        _path.RemoveAt(_path.Count - 1);
        WriteTag(1, ProtoWire.Length, output);
        WriteText(name, output);
        WriteTag(2, ProtoWire.Length, output);
        output.AddVarint((ulong)payload.Length);
        output.Add(payload.ToArray());
    }
}

using System.Buffers;
using System.Text.Json;
using SchemaStream.Registry.Core.DataContracts;

namespace SchemaStream.Registry.Core.Records;

/// <summary>Reads the records that a log has most of, in one pass and without a document in between: a start waits for it.</summary>
internal static class SchemaRecordReader
{
    /// <summary>Reads a key; false if it is not that of a schema.</summary>
    public static bool TryReadKey(ReadOnlySpan<byte> json, out SubjectVersion key)
    {
        key = default;
        var reader = Object(json);
        var (isSchema, subject, version) = (false, "", (int?)null);
        while (Next(ref reader))
        {
            if (reader.ValueTextEquals("keytype"u8))
            {
                reader.Read();
                isSchema = reader.TokenType == JsonTokenType.String && reader.ValueTextEquals("SCHEMA"u8);
                if (!isSchema)
                {
                    return false;
                }
            }
            else if (reader.ValueTextEquals("subject"u8))
            {
                subject = Text(ref reader) ?? "";
            }
            else if (reader.ValueTextEquals("version"u8))
            {
                version = Number(ref reader);
            }
            else
            {
                Skip(ref reader);
            }
        }

        if (isSchema)
        {
            key = new SubjectVersion(Subject.Parse(subject), version ?? throw new FormatException("'version' is missing."));
        }

        return isSchema;
    }

    /// <summary>Reads the value to a key: a version of a subject, or its end.</summary>
    public static SchemaRecord Read(SubjectVersion key, ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        if (json.IsEmpty || !reader.Read() || reader.TokenType == JsonTokenType.Null)
        {
            return new SchemaRecord(key, null);
        }

        var (id, type, text, state) = ((int?)null, (string?)null, (byte[]?)null, VersionState.Live);
        IReadOnlyList<SchemaReference> references = [];
        Metadata? metadata = null;
        RuleSet? ruleSet = null;
        Guid? declared = null;
        while (Next(ref reader))
        {
            if (reader.ValueTextEquals("id"u8))
            {
                id = Number(ref reader);
            }
            else if (reader.ValueTextEquals("schemaType"u8))
            {
                type = Text(ref reader);
            }
            else if (reader.ValueTextEquals("schema"u8))
            {
                text = Utf8Text(ref reader);
            }
            else if (reader.ValueTextEquals("deleted"u8))
            {
                reader.Read();
                state = reader.TokenType == JsonTokenType.True ? VersionState.SoftDeleted : VersionState.Live;
                reader.Skip();
            }
            else if (reader.ValueTextEquals("md5"u8))
            {
                declared = Text(ref reader) is { } digest ? Digest(digest) : null;
            }
            else if (reader.ValueTextEquals("references"u8))
            {
                references = Part(ref reader, JsonValueKind.Array) is { } list ? [.. list.EnumerateArray().Select(Reference)] : [];
            }
            else if (reader.ValueTextEquals("metadata"u8))
            {
                metadata = Part(ref reader, JsonValueKind.Object) is { } part ? DataContractJson.ReadMetadata(part) : null;
            }
            else if (reader.ValueTextEquals("ruleSet"u8))
            {
                ruleSet = Part(ref reader, JsonValueKind.Object) is { } part ? DataContractJson.ReadRuleSet(part) : null;
            }
            else
            {
                Skip(ref reader);
            }
        }

        var content = new SchemaContent(FormatOf(type), text ?? throw Missing("schema"), references, metadata, ruleSet, declared);
        return new SchemaRecord(key, new SchemaRecordValue(id ?? throw Missing("id"), content, state));
    }

    private static Guid? Digest(string base64)
    {
        Span<byte> digest = stackalloc byte[16];
        return Convert.TryFromBase64String(base64, digest, out var length) && length == digest.Length
            ? new Guid(digest, bigEndian: true)
            : null;
    }

    private static SchemaFormat FormatOf(string? type)
    {
        var format = SchemaFormat.Avro;
        return type is null || SchemaFormatNames.TryParse(type, out format)
            ? format
            : throw new FormatException($"'{type}' is not a schema type.");
    }

    private static SchemaReference Reference(JsonElement element) => new(
        Require(element, "name"),
        Require(element, "subject"),
        element.TryGetProperty("version", out var version) ? version.GetInt32() : throw Missing("version"));

    private static string Require(JsonElement element, string name) =>
        element.TryGetProperty(name, out var text) && text.ValueKind == JsonValueKind.String
            ? text.GetString()!
            : throw Missing(name);

    private static Utf8JsonReader Object(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        reader.Read();
        return reader;
    }

    /// <summary>Goes to the next property of the object that was begun; false at its end.</summary>
    private static bool Next(ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.StartObject || reader.CurrentDepth > 0)
        {
            return reader.Read() && reader.TokenType == JsonTokenType.PropertyName;
        }

        throw new FormatException("The record is not a JSON object.");
    }

    private static string? Text(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.String)
        {
            return reader.GetString();
        }

        reader.Skip();
        return null;
    }

    /// <summary>A long text, which is not made a string only to be bytes again.</summary>
    private static byte[]? Utf8Text(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.String)
        {
            reader.Skip();
            return null;
        }

        var unescaped = ArrayPool<byte>.Shared.Rent(reader.ValueSpan.Length);
        try
        {
            return unescaped.AsSpan(0, reader.CopyString(unescaped)).ToArray();
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(unescaped);
        }
    }

    private static int Number(ref Utf8JsonReader reader)
    {
        reader.Read();
        return reader.GetInt32();
    }

    private static JsonElement? Part(ref Utf8JsonReader reader, JsonValueKind kind)
    {
        reader.Read();
        var part = JsonElement.ParseValue(ref reader);
        return part.ValueKind == kind ? part : null;
    }

    private static void Skip(ref Utf8JsonReader reader)
    {
        reader.Read();
        reader.Skip();
    }

    private static FormatException Missing(string name) => new($"'{name}' is missing.");
}

using System.Buffers;
using System.Text.Json;

namespace SchemaStream.Registry.Election;

/// <summary>An instance as it presents itself to the group, in Confluent's words.</summary>
/// <param name="Scheme"><c>http</c> or <c>https</c>.</param>
/// <param name="Host">Where others reach it.</param>
/// <param name="Port">And at which port.</param>
/// <param name="IsEligible">Whether it may lead.</param>
/// <param name="IsLeader">Whether it leads at this moment, as far as it knows.</param>
internal sealed record MemberIdentity(string Scheme, string Host, int Port, bool IsEligible, bool IsLeader)
{
    private const int Version = 1;

    /// <summary>A word of our own, which Confluent's instances pass over.</summary>
    private const string LogName = "schemastream_log";

    /// <summary>The topics that it keeps its log in; null for an instance that does not say.</summary>
    public string? Log { get; init; }

    /// <summary>Where it is reached; the address of an IPv6 host may come without its brackets.</summary>
    public string Url => Host.Contains(':', StringComparison.Ordinal) && !Host.StartsWith('[')
        ? FormattableString.Invariant($"{Scheme}://[{Host}]:{Port}")
        : FormattableString.Invariant($"{Scheme}://{Host}:{Port}");

    public byte[] Write()
    {
        var output = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(output))
        {
            Write(writer);
        }

        return output.WrittenSpan.ToArray();
    }

    public void Write(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteString("host", Host);
        writer.WriteNumber("port", Port);
        writer.WriteBoolean("master_eligibility", IsEligible);
        writer.WriteString("scheme", Scheme);
        writer.WriteNumber("version", Version);
        writer.WriteBoolean("leader", IsLeader);
        if (Log is not null)
        {
            writer.WriteString(LogName, Log);
        }

        writer.WriteEndObject();
    }

    /// <summary>Reads what a member says of itself; null when it is nothing of the kind.</summary>
    public static MemberIdentity? Read(ReadOnlyMemory<byte> json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return Read(document.RootElement);
        }
        catch (Exception unreadable) when (unreadable is JsonException or InvalidOperationException)
        {
            // No JSON, or a text with half a surrogate pair.
            return null;
        }
    }

    public static MemberIdentity? Read(JsonElement json)
    {
        if (json.ValueKind != JsonValueKind.Object
            || Text(json, "host") is not { Length: > 0 } host
            || !json.TryGetProperty("port", out var portField)
            || portField.ValueKind != JsonValueKind.Number
            || !portField.TryGetInt32(out var port))
        {
            return null;
        }

        var identity = new MemberIdentity(
            Text(json, "scheme") ?? "http", host, port, Flag(json, "master_eligibility"), Flag(json, "leader"))
        {
            Log = Text(json, LogName),
        };

        // Whoever joins the group says what it likes: writes are forwarded only to where they can go.
        return Uri.TryCreate(identity.Url, UriKind.Absolute, out var url) && url is { Scheme: "http" or "https", Port: > 0 } ? identity : null;
    }

    private static string? Text(JsonElement json, string name) =>
        json.TryGetProperty(name, out var field) && field.ValueKind == JsonValueKind.String ? field.GetString() : null;

    private static bool Flag(JsonElement json, string name) =>
        json.TryGetProperty(name, out var field) && field.ValueKind == JsonValueKind.True;
}

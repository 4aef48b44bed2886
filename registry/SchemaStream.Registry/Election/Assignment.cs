using System.Buffers;
using System.Text.Json;

namespace SchemaStream.Registry.Election;

/// <summary>Who leads a generation of the group; every member is told the same.</summary>
/// <param name="Error">0, or 1 where two members have one URL.</param>
/// <param name="LeaderId">The leader's member id; null where nobody may lead.</param>
/// <param name="Leader">How it is reached.</param>
internal sealed record Assignment(short Error, string? LeaderId, MemberIdentity? Leader)
{
    public const short NoError = 0;
    public const short DuplicateUrls = 1;
    private const int Version = 1;

    public static Assignment Nobody { get; } = new(NoError, null, null);

    /// <summary>
    /// The eligible member with the smallest URL, by character code; with stickiness, among those that lead already,
    /// if there are any.
    /// </summary>
    public static Assignment Choose(IReadOnlyDictionary<string, MemberIdentity> members, LeaderStickiness stickiness)
    {
        if (members.Values.GroupBy(member => member.Url).Any(url => url.Count() > 1))
        {
            return new Assignment(DuplicateUrls, null, null);
        }

        var eligible = members.Where(member => member.Value.IsEligible).ToList();
        var leading = eligible.FindAll(member => stickiness == LeaderStickiness.Sticky && member.Value.IsLeader);
        var candidates = leading.Count > 0 ? leading : eligible;
        return candidates.OrderBy(member => member.Value.Url, StringComparer.Ordinal).FirstOrDefault() is { Key: { } id } chosen
            ? new Assignment(NoError, id, chosen.Value)
            : Nobody;
    }

    public byte[] Write()
    {
        var output = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(output))
        {
            writer.WriteStartObject();
            writer.WriteNumber("error", Error);
            writer.WriteString("master", LeaderId);
            writer.WritePropertyName("master_identity");
            if (Leader is null)
            {
                writer.WriteNullValue();
            }
            else
            {
                Leader.Write(writer);
            }

            writer.WriteNumber("version", Version);
            writer.WriteEndObject();
        }

        return output.WrittenSpan.ToArray();
    }

    /// <summary>Reads what the group's leader has assigned; what cannot be read assigns nobody.</summary>
    public static Assignment Read(ReadOnlyMemory<byte> json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object)
            {
                return Nobody;
            }

            var error = root.TryGetProperty("error", out var field) && field.TryGetInt16(out var code) ? code : NoError;
            var id = root.TryGetProperty("master", out field) && field.ValueKind == JsonValueKind.String ? field.GetString() : null;
            var leader = root.TryGetProperty("master_identity", out field) ? MemberIdentity.Read(field) : null;
            return new Assignment(error, leader is null ? null : id, id is null ? null : leader);
        }
        catch (Exception unreadable) when (unreadable is JsonException or InvalidOperationException)
        {
            return Nobody;
        }
    }
}

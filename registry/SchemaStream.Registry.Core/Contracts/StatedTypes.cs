using SchemaStream.Registry.Core.Commands;
using SchemaStream.Registry.Core.State;

namespace SchemaStream.Registry.Core.Contracts;

/// <summary>A topic of the cluster, with what its configs say of its key and value; null where they say nothing.</summary>
public sealed record StatedTopic(string Topic, string? KeyType, string? ValueType);

/// <summary>The topic configs <c>schemastream.key.type</c> and <c>schemastream.value.type</c> as claims on contracts.</summary>
public static class StatedTypes
{
    public const string KeyConfig = "schemastream.key.type";
    public const string ValueConfig = "schemastream.value.type";

    private static readonly char[] BetweenTypes = ['|', ','];

    /// <summary>Reads <c>string</c>, <c>avro:com.acme.A</c>, <c>avro:com.acme.A|com.acme.B</c>, <c>json</c>.</summary>
    public static SlotContract? Parse(string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return null;
        }

        var colon = text.IndexOf(':', StringComparison.Ordinal);
        var (format, type) = colon < 0 ? (text, "") : (text[..colon], text[(colon + 1)..].Trim());
        if (!SchemaFormatNames.TryParse(format.Trim(), out var known) && !TryParseUpper(format.Trim(), out known))
        {
            return null;
        }

        if (type.Length == 0)
        {
            return new SlotContract(known);
        }

        return new SlotContract(
            known, known == SchemaFormat.Avro ? TypeSet.Join(type.Split(BetweenTypes)) : type);
    }

    /// <summary>Writes what <see cref="Parse"/> reads; null for a slot that says nothing.</summary>
    public static string? Format(SlotContract? slot)
    {
        if (slot is null)
        {
            return null;
        }

        var name = SchemaFormatNames.NameOf(slot.Format);
        if (!SchemaFormatNames.HasSchema(slot.Format))
        {
            return name;
        }

        var types = string.Join('|', TypeSet.Names(slot));
        return types.Length == 0 ? name.ToUpperInvariant() : $"{name.ToUpperInvariant()}:{types}";
    }

    /// <summary>The claims that the cluster's topics make and the registry does not hold yet.</summary>
    public static IEnumerable<BindContract> Due(RegistryImage image, IEnumerable<StatedTopic> topics)
    {
        foreach (var topic in topics)
        {
            var bound = image.Contracts.ByTopic.GetValueOrDefault(topic.Topic);
            var key = Open(bound?.Key, Parse(topic.KeyType));
            var value = Open(bound?.Value, Parse(topic.ValueType));
            if (key is not null || value is not null)
            {
                yield return new BindContract(topic.Topic, key, value, $"the configs of topic {topic.Topic}");
            }
        }
    }

    /// <summary>First bind wins: what is bound explicitly stays, and what is implied of the same type is made a statement.</summary>
    private static SlotContract? Open(BoundSlot? bound, SlotContract? stated) =>
        bound?.Binding == ContractBinding.Explicit ? null : stated;

    /// <summary>Schema languages are named in capitals elsewhere; here in any case.</summary>
    private static bool TryParseUpper(string format, out SchemaFormat known) =>
        SchemaFormatNames.TryParse(format.ToUpperInvariant(), out known)
        || SchemaFormatNames.TryParse(format.ToLowerInvariant(), out known);
}

namespace SchemaStream.Registry.Client.Wire;

/// <summary>Between the wire's optional strings and the SDK's types.</summary>
internal static class WireConversions
{
    public static WireSchema ToWire(this SchemaDefinition schema) => new()
    {
        SchemaType = SchemaFormatNames.NameOf(schema.Format),
        Schema = schema.Text,
        References = schema.References is { Count: > 0 } references
            ? [.. references.Select(r => new WireReference(r.Name, r.Subject, r.Version))]
            : null,
    };

    public static WireContract ToWire(this TopicContract contract) => new()
    {
        Topic = contract.Topic,
        Key = contract.Key?.ToWire(),
        Value = contract.Value?.ToWire(),
    };

    public static TopicContract ToContract(this WireContract wire) => new(
        Require(wire.Topic, "a contract without a topic"),
        wire.Key?.ToSlot(),
        wire.Value?.ToSlot(),
        string.Equals(wire.Binding, "IMPLICIT", StringComparison.OrdinalIgnoreCase)
            ? ContractBinding.Implicit
            : ContractBinding.Explicit,
        wire.Since,
        wire.BoundBy);

    public static RegisteredSchema ToRegistered(this WireSchema wire, int? id = null) => new(
        id ?? wire.Id ?? throw Unreadable("a schema without an id"),
        FormatOf(wire.SchemaType),
        Require(wire.Schema, "a schema without its text"),
        References(wire.References),
        wire.Subject,
        wire.Version ?? 0);

    public static IReadOnlyList<SchemaReference> References(IReadOnlyList<WireReference>? references) =>
        references is null
            ? []
            : [.. references.Select(r => new SchemaReference(
                Require(r.Name, "a reference without a name"),
                Require(r.Subject, "a reference without a subject"),
                r.Version ?? throw Unreadable("a reference without a version")))];

    /// <summary>Registries before Confluent's 8 say nothing for Avro.</summary>
    public static SchemaFormat FormatOf(string? schemaType)
    {
        if (string.IsNullOrEmpty(schemaType))
        {
            return SchemaFormat.Avro;
        }

        return SchemaFormatNames.TryParse(schemaType, out var format)
            ? format
            : throw Unreadable($"the schema type '{schemaType}', which this client does not know");
    }

    public static string LevelName(CompatibilityLevel level) => level switch
    {
        CompatibilityLevel.None => "NONE",
        CompatibilityLevel.Backward => "BACKWARD",
        CompatibilityLevel.BackwardTransitive => "BACKWARD_TRANSITIVE",
        CompatibilityLevel.Forward => "FORWARD",
        CompatibilityLevel.ForwardTransitive => "FORWARD_TRANSITIVE",
        CompatibilityLevel.Full => "FULL",
        CompatibilityLevel.FullTransitive => "FULL_TRANSITIVE",
        _ => throw new ArgumentOutOfRangeException(nameof(level), level, "not a compatibility level"),
    };

    public static CompatibilityLevel LevelOf(string? name)
    {
        foreach (var level in Enum.GetValues<CompatibilityLevel>())
        {
            if (string.Equals(LevelName(level), name, StringComparison.OrdinalIgnoreCase))
            {
                return level;
            }
        }

        throw Unreadable($"the compatibility level '{name}', which this client does not know");
    }

    private static WireSlot ToWire(this SlotContract slot) => new()
    {
        Format = SchemaFormatNames.NameOf(slot.Format),
        Type = slot.Type,
        Subject = slot.Subject,
        Evolution = slot.Evolution switch
        {
            null => null,
            EvolutionPolicy.Frozen => "FROZEN",
            _ => "COMPATIBLE",
        },
    };

    private static SlotContract ToSlot(this WireSlot wire)
    {
        if (!SchemaFormatNames.TryParse(wire.Format, out var format))
        {
            throw Unreadable($"the contract format '{wire.Format}', which this client does not know");
        }

        EvolutionPolicy? evolution = wire.Evolution switch
        {
            null => null,
            "FROZEN" => EvolutionPolicy.Frozen,
            "COMPATIBLE" => EvolutionPolicy.Compatible,
            _ => throw Unreadable($"the evolution policy '{wire.Evolution}', which this client does not know"),
        };
        return new SlotContract(format, wire.Type, wire.Subject, evolution);
    }

    private static string Require(string? value, string otherwise) => value ?? throw Unreadable(otherwise);

    private static RegistryException Unreadable(string what) =>
        new(RegistryErrorCodes.UnreadableReply, 0, $"The registry answered {what}.");
}

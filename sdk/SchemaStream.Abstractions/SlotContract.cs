namespace SchemaStream;

/// <summary>What a topic contract says about keys or about values.</summary>
/// <param name="Format">How the bytes are written; never changes.</param>
/// <param name="Type">The schema's type name, such as an Avro full name; null for a primitive. Never changes.</param>
/// <param name="Subject">The registry's subject that holds the schemas; null for a primitive.</param>
/// <param name="Evolution">
/// Whether the type's shape may change; null in a contract to be bound means the registry's default: keys of explicit
/// contracts are frozen, values evolve.
/// </param>
public sealed record SlotContract(
    SchemaFormat Format,
    string? Type = null,
    string? Subject = null,
    EvolutionPolicy? Evolution = null)
{
    /// <summary>Whether both pin the same format and type; the subject is where schemas are kept, not what they are.</summary>
    /// <param name="other">The slot to compare with.</param>
    public bool IsSameType(SlotContract other) =>
        Format == other.Format && string.Equals(Type, other.Type, StringComparison.Ordinal);

    /// <summary>Format and type as messages name them, for example <c>AVRO com.acme.OrderPlaced</c>.</summary>
    public string Describe() =>
        Type is null ? SchemaFormatNames.NameOf(Format) : $"{SchemaFormatNames.NameOf(Format)} {Type}";
}

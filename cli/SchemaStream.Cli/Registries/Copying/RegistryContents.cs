using System.Text.Json.Nodes;

namespace SchemaStream.Cli.Registries.Copying;

/// <summary>All that a registry holds, as its API tells it.</summary>
/// <param name="Contexts">Named ones, with their dots.</param>
/// <param name="Schemas">Every version, after those that it references.</param>
/// <param name="Configs">By subject; the empty name is everyone's.</param>
/// <param name="Modes">By subject; the empty name is everyone's.</param>
/// <param name="Contracts">As <c>/contracts/topics</c> lists them.</param>
/// <param name="Associations">As <c>/associations</c> lists them.</param>
internal sealed record RegistryContents(
    IReadOnlyList<string> Contexts,
    IReadOnlyList<SchemaVersionEntry> Schemas,
    IReadOnlyDictionary<string, JsonObject> Configs,
    IReadOnlyDictionary<string, string> Modes,
    IReadOnlyList<JsonObject> Contracts,
    IReadOnlyList<JsonObject> Associations)
{
    /// <summary>As commands print it.</summary>
    public override string ToString() =>
        $"{Schemas.Count} versions of {Schemas.Select(schema => schema.Subject).Distinct().Count()} subjects in {Contexts.Count + 1} contexts, " +
        $"{Configs.Count} configs, {Modes.Count} modes, {Contracts.Count} contracts, {Associations.Count} associations";
}

/// <summary>One version of one subject.</summary>
/// <param name="Json">The entity as the API has it.</param>
/// <param name="IsDeleted">Softly.</param>
internal sealed record SchemaVersionEntry(JsonObject Json, bool IsDeleted)
{
    public string Subject { get; } = (string?)Json["subject"] ?? throw new FormatException("a schema has no subject");

    public int Version { get; } = (int?)Json["version"] ?? throw new FormatException("a schema has no version");

    public int Id { get; } = (int?)Json["id"] ?? throw new FormatException("a schema has no id");

    public string Text { get; } = (string?)Json["schema"] ?? throw new FormatException("a schema has no schema");

    public string Type { get; } = (string?)Json["schemaType"] ?? "AVRO";

    public (string Subject, int Version) Key => (Subject, Version);

    /// <summary>The context that unqualified references are in: <c>:.ctx:</c>, nothing for the default one.</summary>
    public string Context => Subject.StartsWith(":.", StringComparison.Ordinal) ? Subject[..(Subject.IndexOf(':', 1) + 1)] : "";

    public IEnumerable<(string Subject, int Version)> References =>
        (Json["references"] as JsonArray ?? []).OfType<JsonObject>().Select(reference =>
        {
            var subject = (string)reference["subject"]!;
            return (subject.StartsWith(":.", StringComparison.Ordinal) ? Default(subject) : Context + subject, (int)reference["version"]!);
        });

    /// <summary>Whether the other is the same version with the same content; the state is another matter.</summary>
    public bool IsSameAs(SchemaVersionEntry other) =>
        Key == other.Key && Id == other.Id && Text == other.Text && Type == other.Type
        && JsonNode.DeepEquals(Json["references"], other.Json["references"])
        && JsonNode.DeepEquals(Json["metadata"], other.Json["metadata"])
        && JsonNode.DeepEquals(Json["ruleSet"], other.Json["ruleSet"]);

    private static string Default(string subject) =>
        subject.StartsWith(":.:", StringComparison.Ordinal) ? subject[3..] : subject;
}

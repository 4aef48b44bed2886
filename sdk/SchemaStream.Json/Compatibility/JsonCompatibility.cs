namespace SchemaStream.Json.Compatibility;

/// <summary>Whether data that is valid under one schema is valid under another, by Confluent's rules for JSON Schema.</summary>
public static class JsonCompatibility
{
    /// <summary>Every reason why data of one schema may not be valid under another; empty if it is.</summary>
    /// <param name="reader">The schema that data is read with: in a BACKWARD check, the new one.</param>
    /// <param name="writer">The schema that data was written with.</param>
    /// <param name="policy">How severe to be.</param>
    /// <exception cref="JsonSchemaException">The schemas are too large, too deep or too entangled to compare.</exception>
    public static IReadOnlyList<CompatibilityViolation> Check(
        JsonSchema reader, JsonSchema writer, JsonCompatibilityPolicy policy = JsonCompatibilityPolicy.Strict) =>
        [.. SchemaComparer.Compare(writer.Root, reader.Root, policy)
            .Where(change => !ChangeKinds.IsHarmless(change.Kind, policy))
            .Select(change => new CompatibilityViolation(
                ChangeKinds.NameOf(change.Kind), change.Path, ChangeSentences.Of(change)))];

    /// <summary>Every difference between a schema and an older one, harmless ones included, bounded in number.</summary>
    /// <param name="original">The older schema.</param>
    /// <param name="update">The newer schema.</param>
    /// <param name="policy">How severe to be.</param>
    /// <exception cref="JsonSchemaException">The schemas are too large, too deep or too entangled to compare.</exception>
    public static IReadOnlyList<JsonDifference> Differences(
        JsonSchema original, JsonSchema update, JsonCompatibilityPolicy policy = JsonCompatibilityPolicy.Strict) =>
        [.. SchemaComparer.Compare(original.Root, update.Root, policy)
            .Select(change => new JsonDifference(
                ChangeKinds.NameOf(change.Kind), change.Path, ChangeKinds.IsHarmless(change.Kind, policy)))];
}

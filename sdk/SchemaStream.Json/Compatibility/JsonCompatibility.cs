using SchemaStream.Json.Schemas;

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

    /// <summary>
    /// What stands against the names that a schema keeps free for later (<c>confluent:reserved</c> of its metadata): none
    /// may be given up again, and none may be a property.
    /// </summary>
    /// <param name="update">The newer schema.</param>
    /// <param name="originalReserved">The names that the older schema kept free.</param>
    /// <param name="updateReserved">The names that the newer one keeps free.</param>
    public static IReadOnlyList<CompatibilityViolation> CheckReserved(
        JsonSchema update, IReadOnlyCollection<string> originalReserved, IReadOnlyCollection<string> updateReserved)
    {
        var changes = originalReserved.Except(updateReserved, StringComparer.Ordinal)
            .Select(name => new Change(ChangeKind.ReservedPropertyRemoved, name))
            .ToList();
        if (update.Root.Target.Shape is ObjectShape { Properties: var properties })
        {
            changes.AddRange(updateReserved.Where(name => properties.Find(name) is not null)
                .Select(name => new Change(ChangeKind.ReservedPropertyConflictsWithProperty, $"#/properties/{name}")));
        }

        return [.. changes.Select(change => new CompatibilityViolation(
            ChangeKinds.NameOf(change.Kind), change.Path, ChangeSentences.Of(change)))];
    }
}

using SchemaStream.Registry.Core.DataContracts;
using SchemaStream.Registry.Core.State;

namespace SchemaStream.Registry.Core.Formats;

/// <summary>Names that fields may not have: what <c>validateFields</c> turns on.</summary>
internal static class ReservedNames
{
    /// <summary>The property of metadata that lists names kept for later, or kept from use for good.</summary>
    private const string Property = "confluent:reserved";

    /// <summary>In JSON names that begin so are Confluent's.</summary>
    private const string JsonPrefix = "$$";

    public static RegistryError? FieldFault(SchemaFormat format, ParsedSchema schema) =>
        format == SchemaFormat.Json
        && schema.TopLevelFields.FirstOrDefault(name => name.StartsWith(JsonPrefix, StringComparison.Ordinal)) is { } name
            ? RegistryError.InvalidSchema($"The field '{name}' is not allowed: names that begin with '{JsonPrefix}' are reserved.")
            : null;

    /// <summary>A reserved name stays reserved, and no field takes it.</summary>
    public static IEnumerable<string> Check(Candidate candidate, VersionEntry? previous)
    {
        var reserved = In(candidate.Content.Metadata);
        foreach (var name in In(previous?.Schema.Metadata).Except(reserved, StringComparer.Ordinal))
        {
            yield return "{errorType:'RESERVED_PROPERTY_REMOVED', description:'The new schema no longer reserves the name " +
                $"\\'{name}\\', which the old schema reserves'}}";
        }

        var fields = candidate.Parsed.TopLevelFields;
        foreach (var name in reserved.Where(name => fields.Contains(name, StringComparer.Ordinal)))
        {
            yield return "{errorType:'RESERVED_PROPERTY_CONFLICTS_WITH_PROPERTY', description:'The new schema has a field " +
                $"of the reserved name \\'{name}\\''}}";
        }
    }

    private static string[] In(Metadata? metadata) =>
        metadata is not null && metadata.Properties.TryGetValue(Property, out var list)
            ? list.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            : [];
}

using SchemaStream.Json.Compatibility;

namespace SchemaStream.Json.Tests.Compatibility;

/// <summary>A schema against itself.</summary>
internal static class Same
{
    public static IReadOnlyList<CompatibilityViolation> Check(JsonSchema schema) => JsonCompatibility.Check(schema, schema);
}

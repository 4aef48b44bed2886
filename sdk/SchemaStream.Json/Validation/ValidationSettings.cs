using System.Text.Json;

namespace SchemaStream.Json.Validation;

/// <summary>What validation takes over from the settings of System.Text.Json.</summary>
internal static class ValidationSettings
{
    private const int DefaultDepth = 64;

    /// <summary>How deep data may nest; 0 stands for the framework's default.</summary>
    public static int DepthOf(JsonSerializerOptions options) =>
        Math.Min(options.MaxDepth == 0 ? DefaultDepth : options.MaxDepth, JsonSchemaLimits.MaxJsonDepth);
}

using System.Text.Json.Nodes;
using SchemaStream.Cli.Registries;
using SchemaStream.Cli.Registries.Copying;

namespace SchemaStream.Cli.Consuming;

/// <summary>Finds schemas by their GUIDs, which are the same in every registry. Asks nothing until it is asked.</summary>
internal sealed class SchemaGuids(CommandContext context) : IDisposable
{
    private RegistryApi? _api;

    /// <summary>Null where the registry has no such schema, or knows no GUIDs.</summary>
    /// <exception cref="RegistryCopyException">The registry refuses to say.</exception>
    public async Task<RegisteredSchema?> FindAsync(Guid guid, CancellationToken cancellationToken)
    {
        _api ??= context.OpenRegistryApi();
        if (await _api.FindAsync($"/schemas/guids/{guid}", cancellationToken) is not JsonObject found || (string?)found["schema"] is not { } text)
        {
            return null;
        }

        var format = (string?)found["schemaType"] is { } type && SchemaFormatNames.TryParse(type, out var known) ? known : SchemaFormat.Avro;
        var references = (found["references"] as JsonArray ?? []).OfType<JsonObject>().Select(reference => new SchemaReference(
            (string?)reference["name"] ?? "", (string?)reference["subject"] ?? "", (int?)reference["version"] ?? 0));
        return new RegisteredSchema(0, format, text, [.. references]);
    }

    public void Dispose() => _api?.Dispose();
}

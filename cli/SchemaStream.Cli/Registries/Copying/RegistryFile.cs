using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace SchemaStream.Cli.Registries.Copying;

/// <summary>A registry as a file: JSON, a line each; <c>kind</c> says what a line is. The last line counts the others.</summary>
internal static class RegistryFile
{
    private const int Format = 1;
    private const int LongestLine = 64 * 1024 * 1024;

    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes it whole or not at all.</summary>
    public static async Task WriteAsync(string path, RegistryContents contents, CancellationToken cancellationToken)
    {
        var temporary = path + ".tmp";
        var lines = 0;
        await using (var writer = new StreamWriter(temporary))
        {
            foreach (var line in Lines(contents))
            {
                cancellationToken.ThrowIfCancellationRequested();
                await writer.WriteAsync(line.ToJsonString(Readable) + "\n");
                lines++;
            }

            await writer.WriteAsync(new JsonObject { ["kind"] = "end", ["lines"] = lines }.ToJsonString() + "\n");
        }

        File.Move(temporary, path, overwrite: true);
    }

    /// <exception cref="RegistryCopyException">It is no such file, or not all of one; the message has the line.</exception>
    public static async Task<RegistryContents> ReadAsync(string path, CancellationToken cancellationToken)
    {
        var contexts = new List<string>();
        var schemas = new List<SchemaVersionEntry>();
        var configs = new Dictionary<string, JsonObject>(StringComparer.Ordinal);
        var modes = new Dictionary<string, string>(StringComparer.Ordinal);
        var contracts = new List<JsonObject>();
        var associations = new List<JsonObject>();
        var number = 0;
        var isWhole = false;
        await foreach (var text in File.ReadLinesAsync(path, cancellationToken))
        {
            number++;
            try
            {
                var line = text.Length <= LongestLine && !isWhole
                    ? JsonNode.Parse(text, documentOptions: new JsonDocumentOptions { MaxDepth = 64 }) as JsonObject
                    : null;
                var kind = (string?)line?["kind"];
                var value = line?["value"];
                var name = (string?)line?["name"] ?? "";
                switch (kind)
                {
                    case "registry" when number == 1 && Number(line, "format") == Format:
                        break;
                    case "context" when number > 1:
                        contexts.Add(name);
                        break;
                    case "schema" when number > 1:
                        schemas.Add(new SchemaVersionEntry(Part(value), (bool?)line!["deleted"] ?? false));
                        break;
                    case "config" when number > 1:
                        configs.Add(name, Part(value));
                        break;
                    case "mode" when number > 1:
                        modes.Add(name, (string?)value ?? throw new FormatException("a mode is missing"));
                        break;
                    case "contract" when number > 1:
                        contracts.Add(Part(value));
                        break;
                    case "association" when number > 1:
                        associations.Add(Part(value));
                        break;
                    case "end" when Number(line, "lines") == number - 1:
                        isWhole = true;
                        break;
                    default:
                        throw new FormatException("it is not a line of an exported registry");
                }
            }
            catch (Exception malformed) when (malformed is JsonException or FormatException or InvalidOperationException
                or InvalidCastException or ArgumentException)
            {
                throw new RegistryCopyException($"{path}:{number}: {malformed.Message}", malformed);
            }
        }

        return isWhole
            ? new RegistryContents(contexts, schemas, configs, modes, contracts, associations)
            : throw new RegistryCopyException($"{path}: the last line is missing; the file is not whole. Export it again.");
    }

    private static JsonObject Part(JsonNode? value) => value is JsonObject part
        ? (JsonObject)part.DeepClone()
        : throw new FormatException("its value is not an object");

    private static int Number(JsonObject? line, string name) =>
        (int?)line?[name] ?? throw new FormatException($"'{name}' is missing");

    private static IEnumerable<JsonObject> Lines(RegistryContents contents) =>
    [
        new JsonObject { ["kind"] = "registry", ["format"] = Format },
        .. contents.Contexts.Select(context => new JsonObject { ["kind"] = "context", ["name"] = context }),
        .. contents.Schemas.Select(schema => new JsonObject { ["kind"] = "schema", ["deleted"] = schema.IsDeleted, ["value"] = schema.Json.DeepClone() }),
        .. contents.Configs.Select(config => new JsonObject { ["kind"] = "config", ["name"] = config.Key, ["value"] = config.Value.DeepClone() }),
        .. contents.Modes.Select(mode => new JsonObject { ["kind"] = "mode", ["name"] = mode.Key, ["value"] = mode.Value }),
        .. contents.Contracts.Select(contract => new JsonObject { ["kind"] = "contract", ["value"] = contract.DeepClone() }),
        .. contents.Associations.Select(association => new JsonObject { ["kind"] = "association", ["value"] = association.DeepClone() }),
    ];
}

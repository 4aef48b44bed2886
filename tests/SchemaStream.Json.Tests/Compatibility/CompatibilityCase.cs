using System.Text.Json;

namespace SchemaStream.Json.Tests.Compatibility;

/// <summary>Two schemas and every difference between them, as the files of <c>cases</c> have it.</summary>
public sealed record CompatibilityCase(
    string File, string Name, string Old, string New, string[] Harmless, string[] Violations, bool? Lenient)
{
    private static readonly Dictionary<string, string> Editions = new()
    {
        ["4"] = "http://json-schema.org/draft-04/schema#",
        ["6"] = "http://json-schema.org/draft-06/schema#",
        ["7"] = "http://json-schema.org/draft-07/schema#",
        ["2019-09"] = "https://json-schema.org/draft/2019-09/schema",
        ["2020-12"] = "https://json-schema.org/draft/2020-12/schema",
    };

    public static IReadOnlyList<CompatibilityCase> ReadAll() =>
    [
        .. Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "cases"), "*.json")
            .Order(StringComparer.Ordinal)
            .SelectMany(Read),
    ];

    public override string ToString() => $"{File}: {Name}";

    /// <summary>A schema of an edition; of what is no object nothing can be said.</summary>
    public static string OfEdition(string edition, string schema)
    {
        if (!schema.StartsWith('{'))
        {
            return schema;
        }

        var rest = schema.TrimStart('{').TrimStart();
        return $"{{\"$schema\":\"{Editions[edition]}\"{(rest == "}" ? "" : ",")}{rest}";
    }

    private static List<CompatibilityCase> Read(string path)
    {
        using var document = JsonDocument.Parse(System.IO.File.ReadAllText(path));
        var edition = document.RootElement.GetProperty("draft").GetString()!;
        return
        [
            .. document.RootElement.GetProperty("cases").EnumerateArray().Select(row => new CompatibilityCase(
                Path.GetFileNameWithoutExtension(path),
                row.GetProperty("name").GetString()!,
                OfEdition(edition, row.GetProperty("old").GetRawText()),
                OfEdition(edition, row.GetProperty("new").GetRawText()),
                Texts(row.GetProperty("harmless")),
                Texts(row.GetProperty("violations")),
                row.TryGetProperty("lenient", out var lenient) ? lenient.GetBoolean() : null)),
        ];
    }

    private static string[] Texts(JsonElement list) => [.. list.EnumerateArray().Select(item => item.GetString()!)];
}

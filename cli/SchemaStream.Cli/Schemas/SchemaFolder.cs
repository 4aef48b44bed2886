using System.Globalization;
using SchemaStream.Cli.Errors;
using SchemaStream.Cli.Registries.Copying;

namespace SchemaStream.Cli.Schemas;

/// <summary>
/// A registry as a folder: <c>registry.jsonl</c>, which import reads and which <c>schemastream registry export</c> writes as
/// well, and beside it each schema as a file of its own, for people and for reviews: <c>subjects/NAME/VERSION.avsc</c>.
/// </summary>
internal static class SchemaFolder
{
    private const string Contents = "registry.jsonl";
    private const string Subjects = "subjects";
    private const int LongestName = 200;

    /// <summary>Some subjects, with all that they reference, their settings and their topics' contracts.</summary>
    /// <exception cref="CliException">One of them is not there.</exception>
    public static RegistryContents Select(RegistryContents contents, IReadOnlyList<string> subjects)
    {
        if (subjects.FirstOrDefault(subject => !contents.Schemas.Any(schema => schema.Subject == subject)) is { } missing)
        {
            throw ErrorCatalog.SubjectUnknown.Exception($"There is no subject '{missing}'.");
        }

        var byKey = contents.Schemas.ToDictionary(schema => schema.Key);
        var taken = new HashSet<(string, int)>();
        var open = new Stack<SchemaVersionEntry>(contents.Schemas.Where(schema => subjects.Contains(schema.Subject)));
        while (open.TryPop(out var schema))
        {
            if (taken.Add(schema.Key))
            {
                foreach (var reference in schema.References.Where(byKey.ContainsKey))
                {
                    open.Push(byKey[reference]);
                }
            }
        }

        var schemas = contents.Schemas.Where(schema => taken.Contains(schema.Key)).ToList();
        var names = schemas.Select(schema => schema.Subject).ToHashSet(StringComparer.Ordinal);
        var contexts = schemas.Select(schema => schema.Context.Trim(':')).ToHashSet(StringComparer.Ordinal);
        return contents with
        {
            Contexts = [.. contents.Contexts.Where(contexts.Contains)],
            Schemas = schemas,
            Configs = contents.Configs.Where(config => names.Contains(config.Key)).ToDictionary(StringComparer.Ordinal),
            Modes = contents.Modes.Where(mode => names.Contains(mode.Key)).ToDictionary(StringComparer.Ordinal),
            Contracts = [.. contents.Contracts.Where(contract => names.Contains($"{(string?)contract["topic"]}-key") || names.Contains($"{(string?)contract["topic"]}-value"))],
            Associations = [.. contents.Associations.Where(association => names.Contains((string?)association["subject"] ?? ""))],
        };
    }

    public static async Task WriteAsync(string folder, RegistryContents contents, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(folder);
        // What is left of an earlier export would be taken for a part of this one.
        if (Directory.Exists(Path.Combine(folder, Subjects)) && File.Exists(Path.Combine(folder, Contents)))
        {
            Directory.Delete(Path.Combine(folder, Subjects), recursive: true);
        }

        foreach (var schema in contents.Schemas.Where(schema => !schema.IsDeleted))
        {
            var place = Path.Combine(folder, Subjects, FileName(schema.Subject));
            Directory.CreateDirectory(place);
            await File.WriteAllTextAsync(
                Path.Combine(place, schema.Version.ToString(CultureInfo.InvariantCulture) + Extension(schema.Type)), schema.Text, cancellationToken);
        }

        await RegistryFile.WriteAsync(Path.Combine(folder, Contents), contents, cancellationToken);
    }

    /// <exception cref="CliException">The folder is none that an export has written.</exception>
    public static async Task<RegistryContents> ReadAsync(string folder, CancellationToken cancellationToken)
    {
        var file = Path.Combine(folder, Contents);
        return File.Exists(file)
            ? await RegistryFile.ReadAsync(file, cancellationToken)
            : throw ErrorCatalog.FileUnusable.Exception($"{folder} has no {Contents}.", nextStep: "Write the folder with `schemastream schemas export --dir DIR`.");
    }

    /// <summary>The subject, with what file names cannot hold escaped: two subjects never share a folder.</summary>
    internal static string FileName(string subject)
    {
        var escaped = Uri.EscapeDataString(subject).Replace("*", "%2A", StringComparison.Ordinal);
        escaped = escaped.Trim('.').Length == 0 ? escaped.Replace(".", "%2E", StringComparison.Ordinal) : escaped;
        return escaped.Length <= LongestName
            ? escaped
            : escaped[..LongestName] + "-" + Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(subject)))[..16];
    }

    private static string Extension(string type) => type switch
    {
        "JSON" => ".json",
        "PROTOBUF" => ".proto",
        _ => ".avsc",
    };
}

using SchemaStream.Cli.Errors;
using SchemaStream.Cli.Formats;
using SchemaStream.Registry.Client;
using SchemaStream.Registry.Core.Formats;

namespace SchemaStream.Cli.Schemas;

/// <summary>A schema with all that it refers to, from a file or from the registry.</summary>
/// <param name="Name">As messages name it: <c>orders-value version 3</c>, a file's path.</param>
internal sealed record SchemaText(
    string Name, SchemaFormat Format, string Text, IReadOnlyList<SchemaReference> References, IReadOnlyList<NamedReference> Resolved)
{
    private const long LargestFile = 16 * 1024 * 1024;

    public ISchemaFormatSupport Support => Format switch
    {
        SchemaFormat.Avro => new AvroFormat(),
        SchemaFormat.Json => new JsonFormat(),
        _ => new ProtobufFormat(),
    };

    public SchemaDefinition Definition => new(Format, Text, References);

    /// <summary>Understood, as the registry itself understands it.</summary>
    /// <exception cref="CliException">It is no schema.</exception>
    public ParsedSchema Parse(SchemaStrictness strictness) =>
        Support.Parse(Text, [.. Resolved.Select(reference => new ResolvedReference(reference.Name, reference.Text))], strictness).TryGet(out var parsed, out var error)
            ? parsed
            : throw ErrorCatalog.SchemaInvalid.Exception($"{Name} is not a valid schema.", error.Message);

    /// <summary>One that is registered.</summary>
    public static async Task<SchemaText> OfAsync(IRegistryClient registry, RegisteredSchema schema, CancellationToken cancellationToken) => new(
        schema.Subject is null ? $"schema {schema.Id}" : $"{schema.Subject} version {schema.Version}",
        schema.Format,
        schema.Text,
        schema.References,
        NamedReferences.Of(schema.References, schema.References.Count == 0 ? [] : await registry.GetReferencesAsync(schema, cancellationToken)));

    /// <summary>One in a file; what it refers to is looked up in the registry.</summary>
    /// <param name="registry">Asked where there are references.</param>
    /// <param name="file">The file.</param>
    /// <param name="type">The format's name; null: by the file's extension.</param>
    /// <param name="references">As <c>NAME=SUBJECT:VERSION</c>.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public static async Task<SchemaText> OfFileAsync(
        IRegistryClient registry, FileInfo file, string? type, IReadOnlyList<string> references, CancellationToken cancellationToken)
    {
        var format = FormatOf(file, type);
        if (file.Exists && file.Length > LargestFile)
        {
            throw ErrorCatalog.FileUnusable.Exception($"{file.FullName} has {file.Length} bytes; a schema has at most {LargestFile}.");
        }

        var text = await File.ReadAllTextAsync(file.FullName, cancellationToken);
        var named = new List<SchemaReference>();
        foreach (var reference in references)
        {
            named.Add(await ReferenceAsync(registry, reference, cancellationToken));
        }

        var outline = new RegisteredSchema(0, format, text, named);
        return new SchemaText(
            file.Name, format, text, named, NamedReferences.Of(named, named.Count == 0 ? [] : await registry.GetReferencesAsync(outline, cancellationToken)));
    }

    private static SchemaFormat FormatOf(FileInfo file, string? type)
    {
        if (type is not null)
        {
            return SchemaFormatNames.TryParse(type, out var told) && SchemaFormatNames.HasSchema(told)
                ? told
                : throw ErrorCatalog.Usage.Exception($"--type {type}: AVRO, JSON or PROTOBUF is expected.");
        }

        return file.Extension.ToUpperInvariant() switch
        {
            ".AVSC" => SchemaFormat.Avro,
            ".JSON" => SchemaFormat.Json,
            ".PROTO" => SchemaFormat.Protobuf,
            _ => throw ErrorCatalog.Usage.Exception($"{file.Name}: its extension is none of avsc, json and proto.", nextStep: "Say the format with --type."),
        };
    }

    private static async Task<SchemaReference> ReferenceAsync(IRegistryClient registry, string text, CancellationToken cancellationToken)
    {
        // A name may hold '=' and ':' (a URI does), a subject ':' (a context does): the last of each parts them.
        var colon = text.LastIndexOf(':');
        var equals = colon < 0 ? -1 : text.LastIndexOf('=', colon);
        if (equals <= 0 || equals + 1 >= colon || colon + 1 >= text.Length)
        {
            throw ErrorCatalog.Usage.Exception($"--reference {text}: NAME=SUBJECT:VERSION is expected.");
        }

        var (name, subject) = (text[..equals], text[(equals + 1)..colon]);
        var version = SubjectArguments.ReadVersion(text[(colon + 1)..]) ?? (await RegistryLookup.VersionAsync(registry, subject, null, cancellationToken)).Version;
        return new SchemaReference(name, subject, version);
    }
}

namespace SchemaStream.Registry.Core.Formats;

/// <summary>The schema languages that this registry offers.</summary>
public sealed class SchemaFormats
{
    private readonly Dictionary<SchemaFormat, ISchemaFormatSupport> _byFormat;

    public SchemaFormats(params IReadOnlyList<ISchemaFormatSupport> formats)
    {
        _byFormat = formats.ToDictionary(format => format.Format);
        Names = [.. formats.Select(format => SchemaFormatNames.NameOf(format.Format))];
    }

    /// <summary>The names that <c>schemaType</c> may have here.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>The support of a format that schemas are stored in.</summary>
    public Outcome<ISchemaFormatSupport> Find(SchemaFormat format) =>
        _byFormat.TryGetValue(format, out var support)
            ? Outcome.Of(support)
            : NotOffered(SchemaFormatNames.NameOf(format));

    /// <summary>Reads a request's <c>schemaType</c>: absent means Avro.</summary>
    public Outcome<ISchemaFormatSupport> Find(string? schemaType)
    {
        if (string.IsNullOrEmpty(schemaType))
        {
            return Find(SchemaFormat.Avro);
        }

        return SchemaFormatNames.TryParse(schemaType, out var format) ? Find(format) : NotOffered(schemaType);
    }

    private RegistryError NotOffered(string schemaType) => RegistryError.InvalidSchema(
        $"Schema type '{schemaType}' is not offered here. This registry takes {string.Join(", ", Names)}.");
}

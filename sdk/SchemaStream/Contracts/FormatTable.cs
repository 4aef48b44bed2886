namespace SchemaStream.Contracts;

/// <summary>The schema formats that a client was given.</summary>
/// <param name="providers">One per format; the last of a format wins.</param>
internal sealed class FormatTable(IEnumerable<ISchemaSerializerProvider> providers)
{
    private readonly Dictionary<SchemaFormat, ISchemaSerializerProvider> _providers = Index(providers);

    /// <summary>The provider of a format.</summary>
    /// <param name="format">The format.</param>
    /// <exception cref="NotSupportedException">There is none.</exception>
    public ISchemaSerializerProvider Of(SchemaFormat format) =>
        _providers.TryGetValue(format, out var provider) ? provider : throw new NotSupportedException(
            $"This client has no serializers for {SchemaFormatNames.NameOf(format)}: add a provider to "
            + $"{nameof(SchemaStreamOptions)}.{nameof(SchemaStreamOptions.Formats)}.");

    private static Dictionary<SchemaFormat, ISchemaSerializerProvider> Index(IEnumerable<ISchemaSerializerProvider> providers)
    {
        var index = new Dictionary<SchemaFormat, ISchemaSerializerProvider>();
        foreach (var provider in providers)
        {
            index[provider.Format] = provider;
        }

        return index;
    }
}

namespace SchemaStream.Json.Schemas;

/// <summary>References as URIs: what they are resolved against, and their fragments.</summary>
internal static class SchemaUris
{
    /// <summary>The base of schemas that have none: relative names resolve against it as files of one folder would.</summary>
    public const string DefaultBase = "mem://input/";

    private static readonly Dictionary<string, JsonSchemaDraft> Editions = new(StringComparer.Ordinal)
    {
        ["json-schema.org/draft-04/schema"] = JsonSchemaDraft.Draft4,
        ["json-schema.org/draft-06/schema"] = JsonSchemaDraft.Draft6,
        ["json-schema.org/draft-07/schema"] = JsonSchemaDraft.Draft7,
        ["json-schema.org/schema"] = JsonSchemaDraft.Draft7,
        ["json-schema.org/draft/2019-09/schema"] = JsonSchemaDraft.Draft201909,
        ["json-schema.org/draft/2020-12/schema"] = JsonSchemaDraft.Draft202012,
    };

    /// <summary>The URI without its fragment, and the fragment, decoded; null if the text is no URI reference.</summary>
    public static (string Uri, string Fragment)? Resolve(string baseUri, string reference)
    {
        var hash = reference.IndexOf('#', StringComparison.Ordinal);
        var fragment = hash < 0 ? "" : reference[(hash + 1)..];
        var path = hash < 0 ? reference : reference[..hash];
        if (path.Length == 0)
        {
            return (baseUri, Decode(fragment));
        }

        if (baseUri.Length + path.Length > JsonSchemaLimits.MaxUriLength)
        {
            throw new JsonSchemaException(
                $"A URI has more than {JsonSchemaLimits.MaxUriLength} characters, with what it is relative to.");
        }

        // A URN has no folders to resolve in; it is taken as it is.
        return Uri.TryCreate(baseUri, UriKind.Absolute, out var absolute)
            && Uri.TryCreate(absolute, path, out var resolved)
                ? (resolved.AbsoluteUri, Decode(fragment))
                : null;
    }

    /// <summary>The edition that a <c>$schema</c> names; null if it is none of ours.</summary>
    public static JsonSchemaDraft? EditionOf(string uri)
    {
        var scheme = uri.IndexOf("://", StringComparison.Ordinal);
        var name = (scheme < 0 ? uri : uri[(scheme + 3)..]).TrimEnd('#');
        return Editions.TryGetValue(name, out var draft) ? draft : null;
    }

    /// <summary>Whether a URI is of the schemas that define JSON Schema itself, vocabularies included.</summary>
    public static bool IsOfJsonSchemaItself(string uri) =>
        EditionOf(uri) is not null
        || uri.Contains("://json-schema.org/draft/", StringComparison.Ordinal);

    private static string Decode(string fragment) =>
        fragment.Contains('%', StringComparison.Ordinal) ? Uri.UnescapeDataString(fragment) : fragment;
}

using SchemaStream.Json.Text;

namespace SchemaStream.Json.Schemas;

/// <summary>The keywords of one schema as its edition knows them. A value that makes no sense counts as absent.</summary>
internal sealed class KeywordReader(SchemaSet set, SchemaNode node)
{
    private readonly Dictionary<string, JsonValue?> _values = new(StringComparer.Ordinal);

    public JsonSchemaDraft Draft => node.Place.Draft;

    public bool Has(string name) => Value(name) is not null;

    /// <summary>The value; null if the keyword is missing, unknown to the edition, or its value makes no sense.</summary>
    public JsonValue? Value(string name)
    {
        if (!_values.TryGetValue(name, out var value))
        {
            value = node.Value.Find(name) is { } found && Keywords.Find(name, Draft) is { } kind
                && SchemaRules.Check(kind, found, Draft) is null
                    ? found
                    : null;
            _values[name] = value;
        }

        return value;
    }

    public bool IsTrue(string name) => Value(name)?.Kind == JsonKind.True;

    public JsonNumber? Number(string name) =>
        Value(name) is { Kind: JsonKind.Number } value ? JsonNumber.Parse(value.Text) : null;

    public string? Text(string name) => Value(name) is { Kind: JsonKind.String } value ? value.Text : null;

    public SchemaNode? Schema(string name) =>
        Value(name) is { } value && (value.IsObject || value.IsBoolean) ? set.NodeOf(value, node.Place) : null;

    public IReadOnlyList<SchemaNode> Schemas(string name) => Value(name) is { IsArray: true } value
        ? [.. value.Items.Select(item => set.NodeOf(item, node.Place))]
        : [];

    public NamedSchemas Named(string name) => Value(name) is { IsObject: true } value
        ? new NamedSchemas([.. SchemasWithin(value)])
        : NamedSchemas.None;

    public IReadOnlySet<string> Names(string name) => Value(name) is { IsArray: true } value
        ? NamesIn(value)
        : new HashSet<string>();

    public IReadOnlyList<string> Types()
    {
        if (Value("type") is not { } value)
        {
            return [];
        }

        return value.IsArray ? [.. value.Items.Select(item => item.Text)] : [value.Text];
    }

    /// <summary>What <c>dependencies</c> and its successors demand when a property is there: others, or a schema.</summary>
    public (IReadOnlyDictionary<string, IReadOnlySet<string>> Names, NamedSchemas Schemas) Dependencies()
    {
        var names = new Dictionary<string, IReadOnlySet<string>>(StringComparer.Ordinal);
        var schemas = new Dictionary<string, SchemaNode>(StringComparer.Ordinal);
        foreach (var keyword in (ReadOnlySpan<string>)["dependencies", "dependentRequired", "dependentSchemas"])
        {
            foreach (var member in Value(keyword)?.Members ?? [])
            {
                if (member.Value.IsArray)
                {
                    names[member.Name] = NamesIn(member.Value);
                }
                else
                {
                    schemas[member.Name] = set.NodeOf(member.Value, node.Place);
                }
            }
        }

        return (names, new NamedSchemas([.. schemas]));
    }

    private static HashSet<string> NamesIn(JsonValue value) =>
        value.Items.Select(item => item.Text).ToHashSet(StringComparer.Ordinal);

    private IEnumerable<KeyValuePair<string, SchemaNode>> SchemasWithin(JsonValue value) =>
        value.Members.Select(member => KeyValuePair.Create(member.Name, set.NodeOf(member.Value, node.Place)));
}

namespace SchemaStream.Json.Text;

/// <summary>What a JSON value is.</summary>
internal enum JsonKind
{
    Null = 0,
    False = 1,
    True = 2,
    Number = 3,
    String = 4,
    Array = 5,
    Object = 6,
}

/// <summary>A name and its value.</summary>
internal readonly record struct JsonMember(string Name, JsonValue Value);

/// <summary>
/// A JSON text, understood. Numbers stay as they were written, members keep their order, and of a name that is there
/// twice the last value counts, at the first one's place, as Confluent's registry has it.
/// </summary>
internal sealed class JsonValue
{
    private const int FewMembers = 8;

    private Dictionary<string, JsonValue>? _index;
    private string? _canonical;
    private UInt128? _fingerprint;

    private JsonValue(JsonKind kind, string text, JsonValue[] items, JsonMember[] members)
    {
        Kind = kind;
        Text = text;
        Items = items;
        Members = members;
    }

    public static JsonValue Null { get; } = new(JsonKind.Null, "null", [], []);

    public static JsonValue True { get; } = new(JsonKind.True, "true", [], []);

    public static JsonValue False { get; } = new(JsonKind.False, "false", [], []);

    public JsonKind Kind { get; }

    /// <summary>A string's content, or a number as it was written.</summary>
    public string Text { get; }

    public JsonValue[] Items { get; }

    public JsonMember[] Members { get; }

    public bool IsObject => Kind == JsonKind.Object;

    public bool IsArray => Kind == JsonKind.Array;

    public bool IsBoolean => Kind is JsonKind.True or JsonKind.False;

    /// <summary>One text for all values that JSON Schema takes to be equal: members sorted, 1.0 as 1.</summary>
    public string Canonical => _canonical ??= JsonPrinter.PrintCanonical(this);

    /// <summary>Equal for values that JSON Schema takes to be equal; cheap for values within each other.</summary>
    public UInt128 Fingerprint => _fingerprint ??= JsonFingerprints.Of(this);

    public static JsonValue OfString(string text) => new(JsonKind.String, text, [], []);

    public static JsonValue OfNumber(string text) => new(JsonKind.Number, text, [], []);

    public static JsonValue OfArray(JsonValue[] items) => new(JsonKind.Array, "", items, []);

    public static JsonValue OfObject(IReadOnlyList<JsonMember> members)
    {
        var distinct = new List<JsonMember>(members.Count);
        var places = new Dictionary<string, int>(members.Count, StringComparer.Ordinal);
        foreach (var member in members)
        {
            if (places.TryAdd(member.Name, distinct.Count))
            {
                distinct.Add(member);
            }
            else
            {
                distinct[places[member.Name]] = member;
            }
        }

        return new JsonValue(JsonKind.Object, "", [], [.. distinct]);
    }

    /// <summary>The member of a name; null if this has none, or is no object.</summary>
    public JsonValue? Find(string name)
    {
        if (Members.Length <= FewMembers)
        {
            foreach (var member in Members)
            {
                if (member.Name == name)
                {
                    return member.Value;
                }
            }

            return null;
        }

        _index ??= Members.ToDictionary(member => member.Name, member => member.Value, StringComparer.Ordinal);
        return _index.GetValueOrDefault(name);
    }

    /// <summary>A member that is a string; null if it is missing or something else.</summary>
    public string? FindString(string name) => Find(name) is { Kind: JsonKind.String } text ? text.Text : null;

    public override string ToString() => JsonPrinter.Print(this);
}

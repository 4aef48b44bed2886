using System.Globalization;

namespace SchemaStream.Generators.Json;

/// <summary>
/// JSON as the framework's reader shows it. A compiler brings no System.Text.Json that a component of it could count on,
/// and what is read here is small: schemas, defaults and a lock file.
/// </summary>
public readonly struct JsonElement
{
    private readonly JsonNode? _node;

    internal JsonElement(JsonNode node) => _node = node;

    public JsonValueKind ValueKind => _node?.Kind ?? JsonValueKind.Undefined;

    /// <summary>Where the value begins in its text.</summary>
    public int Start => _node?.Start ?? 0;

    /// <summary>How many characters of its text it takes.</summary>
    public int Length => _node?.Length ?? 0;

    private JsonNode Node => _node ?? throw new InvalidOperationException("There is no value.");

    public string? GetString() => ValueKind == JsonValueKind.Null ? null : Node.Text ?? throw Not("a string");

    public string GetRawText() => Node.Source.Substring(Node.Start, Node.Length);

    public bool GetBoolean() => ValueKind == JsonValueKind.True;

    public bool TryGetInt32(out int value) =>
        int.TryParse(GetRawText(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value);

    public bool TryGetInt64(out long value) =>
        long.TryParse(GetRawText(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value);

    public int GetArrayLength() => Node.Children.Count;

    public IEnumerable<JsonElement> EnumerateArray() => Node.Children.Select(child => new JsonElement(child));

    public IEnumerable<JsonProperty> EnumerateObject() => Node.Children.Select(child => new JsonProperty(child.Name!, new JsonElement(child)));

    public bool TryGetProperty(string name, out JsonElement value)
    {
        var child = Node.Children.FirstOrDefault(child => child.Name == name);
        value = child is null ? default : new JsonElement(child);
        return child is not null;
    }

    /// <summary>The element itself: it outlives its document here.</summary>
    public JsonElement Clone() => this;

    private InvalidOperationException Not(string what) => new($"The value is {ValueKind}, not {what}.");
}

/// <summary>A member of an object.</summary>
public readonly struct JsonProperty(string name, JsonElement value)
{
    public string Name { get; } = name;

    public JsonElement Value { get; } = value;
}

/// <summary>What a value is.</summary>
public enum JsonValueKind
{
    Undefined,
    Object,
    Array,
    String,
    Number,
    True,
    False,
    Null,
}

/// <summary>One value of a text.</summary>
internal sealed class JsonNode(JsonValueKind kind, string source, int start)
{
    public JsonValueKind Kind { get; } = kind;

    public string Source { get; } = source;

    public int Start { get; } = start;

    public int Length { get; set; }

    /// <summary>The member's name in an object.</summary>
    public string? Name { get; set; }

    /// <summary>What a string says, without its escapes.</summary>
    public string? Text { get; set; }

    public List<JsonNode> Children { get; } = [];
}

using System.Text.Json;
using System.Text.Unicode;

namespace SchemaStream.Json.Validation;

/// <summary>
/// A JSON text cut into its values once, so that schemas can look at any of them as often as they like. Members follow their
/// names, and each value says where the next one after it begins.
/// </summary>
internal sealed class JsonTape
{
    private const int FirstTokens = 256;

    /// <summary>A larger one is let go: one large value does not hold memory for ever.</summary>
    private const int MostKeptTokens = 64 * 1024;

    [ThreadStatic]
    private static JsonTape? _ofThread;

    private JsonToken[] _tokens = new JsonToken[FirstTokens];

    public JsonToken[] Tokens => _tokens;

    /// <summary>How many tokens there are.</summary>
    public int Count { get; private set; }

    public static JsonTape Rent()
    {
        var tape = _ofThread ?? new JsonTape();
        _ofThread = null;
        return tape;
    }

    public void Return()
    {
        if (_tokens.Length <= MostKeptTokens)
        {
            _ofThread = this;
        }
    }

    /// <summary>Cuts a text.</summary>
    /// <returns>What is wrong with it; null if it is JSON within the limits.</returns>
    public string? Read(ReadOnlySpan<byte> utf8, int maxDepth)
    {
        Count = 0;
        if (!Utf8.IsValid(utf8))
        {
            return "is not UTF-8";
        }

        var reader = new Utf8JsonReader(utf8, new JsonReaderOptions { MaxDepth = maxDepth });
        try
        {
            return Read(ref reader);
        }
        catch (JsonException invalid)
        {
            return $"is not JSON, or nests deeper than {maxDepth} levels: {invalid.Message}";
        }
    }

    private string? Read(ref Utf8JsonReader reader)
    {
        var tokens = _tokens;
        var count = 0;
        var open = -1;
        while (reader.Read())
        {
            if (count == tokens.Length)
            {
                Array.Resize(ref _tokens, 2 * count);
                tokens = _tokens;
            }

            var type = reader.TokenType;
            if (type is JsonTokenType.EndObject or JsonTokenType.EndArray)
            {
                // While a value is open, its next place holds the value around it.
                var around = tokens[open].Next;
                tokens[open].Next = count;
                open = around;
                continue;
            }

            if (open >= 0 && type != JsonTokenType.PropertyName)
            {
                tokens[open].Length++;
            }

            ref var token = ref tokens[count++];
            token.Start = (int)reader.TokenStartIndex;
            token.Next = count;
            token.Kind = Kinds[(int)type];
            token.HasEscapes = false;
            switch (type)
            {
                case JsonTokenType.PropertyName or JsonTokenType.String:
                    token.Start++;
                    token.Length = reader.ValueSpan.Length;
                    token.HasEscapes = reader.ValueIsEscaped;
                    break;
                case JsonTokenType.StartObject or JsonTokenType.StartArray:
                    token.Length = 0;
                    token.Next = open;
                    open = count - 1;
                    break;
                default:
                    token.Length = reader.ValueSpan.Length;
                    if (token.Length > JsonSchemaLimits.MaxNumberLength)
                    {
                        return $"has a number of {token.Length} characters; at most {JsonSchemaLimits.MaxNumberLength} are read";
                    }

                    break;
            }
        }

        Count = count;
        return null;
    }

    /// <summary>Kinds by <see cref="JsonTokenType"/>; ends of arrays and objects have none.</summary>
    private static ReadOnlySpan<JsonTokenKind> Kinds =>
    [
        JsonTokenKind.None, JsonTokenKind.Object, JsonTokenKind.None, JsonTokenKind.Array, JsonTokenKind.None, JsonTokenKind.String,
        JsonTokenKind.None, JsonTokenKind.String, JsonTokenKind.Number, JsonTokenKind.True, JsonTokenKind.False, JsonTokenKind.Null,
    ];
}

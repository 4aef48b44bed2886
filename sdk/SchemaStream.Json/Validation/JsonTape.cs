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
        if (!Utf8.IsValid(utf8))
        {
            Count = 0;
            return "is not UTF-8";
        }

        var scanner = new JsonScanner(utf8, _tokens, maxDepth);
        var fault = scanner.Scan();
        (_tokens, Count) = (scanner.Tokens, scanner.Count);
        return fault;
    }
}

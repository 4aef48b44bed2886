using System.Text;

namespace SchemaStream.Cli.Formats.Protobuf;

/// <summary>Names that Protobuf's JSON knows, and how it spells others.</summary>
internal static class ProtoNames
{
    private const string Prefix = "google.protobuf.";

    public static bool IsWrapper(string fullName) => fullName.StartsWith(Prefix, StringComparison.Ordinal)
        && fullName[Prefix.Length..] is "DoubleValue" or "FloatValue" or "Int64Value" or "UInt64Value" or "Int32Value" or "UInt32Value"
            or "BoolValue" or "StringValue" or "BytesValue";

    /// <summary>Whether its JSON is something else than an object of its fields.</summary>
    public static bool IsWellKnown(string fullName) => IsWrapper(fullName) || (fullName.StartsWith(Prefix, StringComparison.Ordinal)
        && fullName[Prefix.Length..] is "Timestamp" or "Duration" or "FieldMask" or "Struct" or "ListValue" or "Value" or "Any");

    public static string ToCamel(string path)
    {
        var text = new StringBuilder(path.Length);
        for (var i = 0; i < path.Length; i++)
        {
            var isRaised = path[i] == '_' && i + 1 < path.Length && char.IsAsciiLetterLower(path[i + 1]);
            text.Append(isRaised ? char.ToUpperInvariant(path[++i]) : path[i]);
        }

        return text.ToString();
    }

    public static string ToSnake(string path)
    {
        var text = new StringBuilder(path.Length + 8);
        foreach (var character in path)
        {
            _ = char.IsAsciiLetterUpper(character) ? text.Append('_').Append(char.ToLowerInvariant(character)) : text.Append(character);
        }

        return text.ToString();
    }
}

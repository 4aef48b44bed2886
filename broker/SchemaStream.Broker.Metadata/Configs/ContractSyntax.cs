namespace SchemaStream.Broker.Metadata.Configs;

/// <summary>
/// What <c>schemastream.key.type</c> and <c>schemastream.value.type</c> may say: a primitive (<c>string</c>), or a
/// format and the full name of a type (<c>avro:com.acme.OrderPlaced</c>), or for Avro the closed set of a union's
/// (<c>avro:com.acme.A|com.acme.B</c>). JSON schemas need no name.
/// </summary>
internal static class ContractSyntax
{
    private static readonly string[] Primitives = ["string", "bytes", "int32", "int64", "float32", "float64", "uuid", "none"];

    public static string? Check(string text)
    {
        if (text.Length == 0 || Primitives.Contains(text, StringComparer.OrdinalIgnoreCase))
        {
            return text.Length == 0 ? Expected : null;
        }

        var colon = text.IndexOf(':', StringComparison.Ordinal);
        var (format, type) = colon < 0 ? (text, "") : (text[..colon], text[(colon + 1)..]);
        return format.ToUpperInvariant() switch
        {
            "AVRO" => type.Split('|').All(IsFullName) ? null : "Avro needs full names of types, as in avro:com.acme.OrderPlaced",
            "PROTOBUF" => IsFullName(type) ? null : "Protobuf needs the full name of a message, as in protobuf:com.acme.OrderPlaced",
            "JSON" => colon >= 0 && type.Trim().Length == 0 ? "JSON needs a title or $id after the colon, or no colon" : null,
            _ => Expected,
        };
    }

    private static string Expected =>
        $"Expected one of {string.Join(", ", Primitives)}, or avro:, json:, protobuf: and the name of a type";

    private static bool IsFullName(string name) => name.Length > 0 && name.Split('.').All(IsName);

    private static bool IsName(string part) =>
        part.Length > 0
        && (char.IsAsciiLetter(part[0]) || part[0] == '_')
        && part.All(c => char.IsAsciiLetterOrDigit(c) || c == '_');
}

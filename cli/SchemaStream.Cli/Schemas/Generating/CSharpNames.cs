using System.Text;

namespace SchemaStream.Cli.Schemas.Generating;

/// <summary>Names and literals as C# writes them.</summary>
internal static class CSharpNames
{
    private static readonly HashSet<string> Keywords = new(StringComparer.Ordinal)
    {
        "abstract", "as", "base", "bool", "break", "byte", "case", "catch", "char", "checked", "class", "const", "continue", "decimal",
        "default", "delegate", "do", "double", "else", "enum", "event", "explicit", "extern", "false", "finally", "fixed", "float", "for",
        "foreach", "goto", "if", "implicit", "in", "int", "interface", "internal", "is", "lock", "long", "namespace", "new", "null",
        "object", "operator", "out", "override", "params", "private", "protected", "public", "readonly", "ref", "return", "sbyte", "sealed",
        "short", "sizeof", "stackalloc", "static", "string", "struct", "switch", "this", "throw", "true", "try", "typeof", "uint", "ulong",
        "unchecked", "unsafe", "ushort", "using", "virtual", "void", "volatile", "while",
        // Not reserved, but not the name of a type or of a member of a record either.
        "record", "required", "scoped", "file", "var", "dynamic", "nint", "nuint", "notnull", "unmanaged", "where", "yield", "partial", "await",
    };

    // What every record has already, and so no member of one may be called.
    private static readonly HashSet<string> Taken = new(StringComparer.Ordinal)
    {
        "Equals", "GetHashCode", "GetType", "ToString", "MemberwiseClone", "Finalize", "ReferenceEquals", "Clone", "EqualityContract", "PrintMembers",
    };

    /// <summary>A name that may be a keyword.</summary>
    public static string Escape(string name) => Keywords.Contains(name) ? "@" + name : name;

    /// <summary>A name with dots, each part of which may be a keyword.</summary>
    public static string EscapeFull(string name) => string.Join('.', name.Split('.').Select(Escape));

    /// <summary>A field's name as properties are called: <c>order_id</c> is <c>OrderId</c>.</summary>
    public static string Property(string field, string type, ISet<string> used)
    {
        var text = new StringBuilder(field.Length);
        var isUp = true;
        foreach (var character in field)
        {
            if (character == '_')
            {
                isUp = true;
                continue;
            }

            text.Append(isUp ? char.ToUpperInvariant(character) : character);
            isUp = false;
        }

        var name = text.Length == 0 || char.IsAsciiDigit(text[0]) ? "_" + text : text.ToString();
        name = name == type || Taken.Contains(name) ? name + "Value" : name;
        var free = name;
        for (var i = 2; !used.Add(free); i++)
        {
            free = name + i;
        }

        return free;
    }

    /// <summary>A text in quotes.</summary>
    public static string Literal(string text)
    {
        var literal = new StringBuilder(text.Length + 2).Append('"');
        foreach (var character in text)
        {
            _ = character switch
            {
                '"' => literal.Append("\\\""),
                '\\' => literal.Append("\\\\"),
                '\n' => literal.Append("\\n"),
                '\r' => literal.Append("\\r"),
                '\t' => literal.Append("\\t"),
                _ when char.IsControl(character) || char.IsSurrogate(character) || character is '\u2028' or '\u2029' => literal.Append("\\u").Append(((int)character).ToString("x4", System.Globalization.CultureInfo.InvariantCulture)),
                _ => literal.Append(character),
            };
        }

        return literal.Append('"').ToString();
    }

    /// <summary>A text within a documentation comment.</summary>
    public static string Xml(string text) => text
        .Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal).Replace(">", "&gt;", StringComparison.Ordinal)
        .ReplaceLineEndings(" ");
}

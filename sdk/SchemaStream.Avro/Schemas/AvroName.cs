namespace SchemaStream.Avro.Schemas;

/// <summary>The name of a record, enum or fixed: a simple name in a namespace that may be empty.</summary>
/// <param name="Name">The simple name.</param>
/// <param name="Namespace">The dotted namespace; empty for none.</param>
public readonly record struct AvroName(string Name, string Namespace)
{
    /// <summary>Namespace and name joined by a dot, or the name alone.</summary>
    public string FullName => Namespace.Length == 0 ? Name : Namespace + "." + Name;

    /// <summary>Splits a name as schemas write it: with dots it is a full name, otherwise it lives in the enclosing namespace.</summary>
    /// <param name="text">The name as written.</param>
    /// <param name="enclosingNamespace">Where a name without dots lives.</param>
    public static AvroName Resolve(string text, string enclosingNamespace)
    {
        var dot = text.LastIndexOf('.');
        return dot < 0 ? new AvroName(text, enclosingNamespace) : new AvroName(text[(dot + 1)..], text[..dot]);
    }

    /// <inheritdoc/>
    public override string ToString() => FullName;

    /// <summary>True when the text is a letter or underscore followed by letters, digits and underscores, all ASCII.</summary>
    internal static bool IsSimple(ReadOnlySpan<char> text)
    {
        if (text.IsEmpty || char.IsAsciiDigit(text[0]))
        {
            return false;
        }

        foreach (var c in text)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c != '_')
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>True when the text is empty or simple names joined by dots.</summary>
    internal static bool IsNamespace(string text)
    {
        if (text.Length == 0)
        {
            return true;
        }

        foreach (var part in text.Split('.'))
        {
            if (!IsSimple(part.AsSpan()))
            {
                return false;
            }
        }

        return true;
    }
}

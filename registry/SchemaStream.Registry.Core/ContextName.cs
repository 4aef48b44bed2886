namespace SchemaStream.Registry.Core;

/// <summary>Names of contexts, as paths and parameters write them.</summary>
public static class ContextName
{
    private const char Delimiter = ':';

    /// <summary>Reads a name whose colons and leading dot may be missing: <c>:.dev:</c>, <c>.dev</c> and <c>dev</c> are one.</summary>
    public static Outcome<string> Parse(string text)
    {
        var start = text.StartsWith(Delimiter) ? 1 : 0;
        var end = text.Length > start && text.EndsWith(Delimiter) ? text.Length - 1 : text.Length;
        var name = text[start..end];
        if (name.Contains(Delimiter, StringComparison.Ordinal))
        {
            return new RegistryError(400, $"A context's name holds no colon: '{name}'.");
        }

        return name.StartsWith('.') ? name : '.' + name;
    }

    /// <summary>What goes before a subject's name: nothing in the default context.</summary>
    public static string Prefix(string context) =>
        context == Subject.DefaultContext ? "" : $"{Delimiter}{context}{Delimiter}";
}

using Microsoft.CodeAnalysis;

namespace SchemaStream.Analyzers.Locks;

/// <summary>A type's full name as the lock file has it, to the compiler's symbol.</summary>
internal sealed class TypeLookup(Compilation compilation)
{
    /// <summary>The type; null when the program has none of that name.</summary>
    public ITypeSymbol? Find(string name)
    {
        var at = 0;
        var type = Parse(name, ref at);
        return at == name.Length ? type : null;
    }

    private ITypeSymbol? Parse(string text, ref int at)
    {
        var start = at;
        while (at < text.Length && text[at] is not ('<' or '>' or ',' or '['))
        {
            at++;
        }

        var name = text.Substring(start, at - start).Trim();
        var arguments = new List<ITypeSymbol>();
        if (at < text.Length && text[at] == '<')
        {
            do
            {
                at++;
                if (Parse(text, ref at) is not { } argument)
                {
                    return null;
                }

                arguments.Add(argument);
            }
            while (at < text.Length && text[at] == ',');
            at++;
        }

        ITypeSymbol? type = compilation.GetTypeByMetadataName(arguments.Count == 0 ? name : $"{name}`{arguments.Count}");
        if (type is INamedTypeSymbol definition && arguments.Count > 0)
        {
            type = definition.Construct([.. arguments]);
        }

        while (type is not null && at + 1 < text.Length && text[at] == '[' && text[at + 1] == ']')
        {
            type = compilation.CreateArrayTypeSymbol(type);
            at += 2;
        }

        return type;
    }
}

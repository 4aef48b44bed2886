using SchemaStream.Protobuf.Linking;
using SchemaStream.Protobuf.Parsing;

namespace SchemaStream.Protobuf.Printing;

/// <summary>Writes names so that they mean the same thing when they are read again.</summary>
internal sealed class NameWriter(SymbolTable symbols, LinkedFile file, bool inFull)
{
    private readonly Dictionary<(string Scope, string Name, bool TypesOnly), string> _types = [];

    /// <summary>A type's name as used in a scope: from here where it is near, else in full.</summary>
    /// <param name="fullName">The full name with its leading dot, as descriptors have it.</param>
    /// <param name="scope">The full name of what the user is declared in.</param>
    /// <param name="typesOnly">Whether what is no type is passed over.</param>
    public string Type(string fullName, string scope, bool typesOnly = true)
    {
        if (inFull)
        {
            return fullName;
        }

        if (!_types.TryGetValue((scope, fullName, typesOnly), out var name))
        {
            _types[(scope, fullName, typesOnly)] = name = Shortest(fullName, scope, typesOnly);
        }

        return name;
    }

    // What is near is called by the way from here, what is in another package by its full name.
    private string Shortest(string fullName, string scope, bool typesOnly)
    {
        var name = fullName[1..];
        var target = symbols.Find(name);
        var package = file.Proto.Package;
        for (var common = scope; common.Length >= package.Length; common = Names.Parent(common))
        {
            if (common.Length > 0 && !name.StartsWith(common + ".", StringComparison.Ordinal))
            {
                continue;
            }

            var candidate = common.Length == 0 ? name : name[(common.Length + 1)..];
            if (!IsWord(candidate) && Resolves(candidate, scope, target, typesOnly))
            {
                return candidate;
            }

            if (common.Length == 0)
            {
                break;
            }
        }

        return !IsWord(name) && Resolves(name, scope, target, typesOnly) ? name : fullName;
    }

    /// <summary>An option's or extension's name in parentheses.</summary>
    public string Option(FieldSymbol option, string scope) =>
        Resolves(option.FullName, scope, option, typesOnly: false) ? $"({option.FullName})" : $"(.{option.FullName})";

    /// <summary>An extension's name within braces, where there is no leading dot.</summary>
    public string Extension(FieldSymbol extension, MessageSymbol within)
    {
        var name = extension.FullName;
        var scope = within.Scope;
        for (var candidate = name; candidate.Length > 0;)
        {
            if (Resolves(candidate, scope, extension, typesOnly: false))
            {
                return $"[{candidate}]";
            }

            var dot = candidate.IndexOf('.', StringComparison.Ordinal);
            candidate = dot < 0 ? "" : candidate[(dot + 1)..];
        }

        return $"[{name}]";
    }

    private bool Resolves(string name, string scope, Symbol? target, bool typesOnly) =>
        symbols.Resolve(file, name, Names.Join(scope, "x"), typesOnly).Symbol == target && target is not null;

    // A name that begins with a word of the language would be read as that word.
    private static bool IsWord(string name)
    {
        var dot = name.IndexOf('.', StringComparison.Ordinal);
        var first = dot < 0 ? name : name[..dot];
        return FieldTypes.TryParse(first, out _) || first is "map" or "message" or "enum" or "extensions" or "reserved" or "extend"
            or "option" or "oneof" or "optional" or "required" or "repeated" or "stream" or "group";
    }
}

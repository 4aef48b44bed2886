using SchemaStream.Protobuf.Parsing;

namespace SchemaStream.Protobuf.Linking;

/// <summary>All that has a name in the files being linked, and protoc's rules for what a name means where.</summary>
internal sealed class SymbolTable
{
    private readonly Dictionary<string, Symbol> _symbols = new(StringComparer.Ordinal);
    private readonly Dictionary<string, LinkedFile> _packages = new(StringComparer.Ordinal);
    private long _namesLength;

    public void AddPackage(LinkedFile file)
    {
        if (file.Proto.Package.Length > ProtoLimits.MaxNameLength
            || file.Proto.Package.Count(static c => c == '.') >= ProtoLimits.MaxPackageParts)
        {
            throw file.Fault(
                $"The package has more than {ProtoLimits.MaxPackageParts} parts or {ProtoLimits.MaxNameLength} characters.",
                file.Proto,
                PlacePart.Type);
        }

        foreach (var package in file.Packages())
        {
            if (_symbols.TryGetValue(package, out var other))
            {
                throw file.Fault(
                    $"\"{package}\" is already defined (as something other than a package) in file \"{other.File.Proto.Name}\".",
                    file.Proto,
                    PlacePart.Type);
            }

            _packages.TryAdd(package, file);
        }
    }

    public void Add(Symbol symbol, object element)
    {
        _namesLength += symbol.FullName.Length;
        if (symbol.FullName.Length > ProtoLimits.MaxNameLength)
        {
            throw symbol.File.Fault($"The full name is longer than {ProtoLimits.MaxNameLength} characters.", element);
        }

        if (_symbols.Count >= ProtoLimits.MaxSymbols || _namesLength > ProtoLimits.MaxNamesLength)
        {
            throw symbol.File.Fault(
                $"The files declare more than {ProtoLimits.MaxSymbols} things, or their names take more than "
                + $"{ProtoLimits.MaxNamesLength} characters.",
                element);
        }

        if (_packages.TryGetValue(symbol.FullName, out var package))
        {
            throw symbol.File.Fault($"\"{symbol.FullName}\" is already defined, as a package, in file \"{package.Proto.Name}\".", element);
        }

        if (!_symbols.TryAdd(symbol.FullName, symbol))
        {
            throw symbol.File.Fault(Twice(symbol, _symbols[symbol.FullName]), element);
        }
    }

    private static string Twice(Symbol symbol, Symbol other)
    {
        if (other.File != symbol.File)
        {
            return $"\"{symbol.FullName}\" is already defined in file \"{other.File.Proto.Name}\".";
        }

        var scope = symbol.Scope;
        var message = scope.Length == 0
            ? $"\"{symbol.FullName}\" is already defined."
            : $"\"{symbol.Name}\" is already defined in \"{scope}\".";
        return symbol is EnumValueSymbol || other is EnumValueSymbol
            ? message + " The values of an enum are siblings of the enum, not children of it."
            : message;
    }

    public Symbol? Find(string fullName) => _symbols.GetValueOrDefault(fullName);

    /// <summary>What a name means in a file when used in a scope.</summary>
    /// <param name="file">The file; what it does not import does not count.</param>
    /// <param name="name">The name; with a leading dot it is a full one.</param>
    /// <param name="relativeTo">The full name of who uses it: looking begins in what that is declared in.</param>
    /// <param name="typesOnly">Whether a plain name passes over what is no type.</param>
    public Lookup Resolve(LinkedFile file, string name, string relativeTo, bool typesOnly)
    {
        if (name.StartsWith('.'))
        {
            var full = name[1..];
            return new Lookup(Visible(file, full), full);
        }

        var dot = name.IndexOf('.', StringComparison.Ordinal);
        var first = dot < 0 ? name : name[..dot];
        for (var scope = relativeTo; scope.Length > 0;)
        {
            scope = Names.Parent(scope);
            var candidate = Names.Join(scope, first);
            if (Visible(file, candidate) is not { } found)
            {
                continue;
            }

            if (dot < 0)
            {
                if (!typesOnly || found.IsType)
                {
                    return new Lookup(found, candidate);
                }
            }
            else if (found.IsAggregate)
            {
                // The innermost scope that knows the first part decides; the rest is there or it is nowhere.
                var whole = candidate + name[dot..];
                return new Lookup(Visible(file, whole), whole);
            }
        }

        return new Lookup(null, name);
    }

    private Symbol? Visible(LinkedFile file, string fullName)
    {
        if (_symbols.TryGetValue(fullName, out var symbol))
        {
            return file.Visible.Contains(symbol.File) ? symbol : null;
        }

        return file.VisiblePackages.Contains(fullName) ? new PackageSymbol(fullName, file) : null;
    }

    /// <summary>Why a name was not found.</summary>
    public string Unknown(string name, Lookup lookup)
    {
        var plain = name.TrimStart('.');
        if (_symbols.TryGetValue(lookup.Tried, out var hidden) || _symbols.TryGetValue(plain, out hidden))
        {
            return $"\"{plain}\" seems to be defined in \"{hidden.File.Proto.Name}\", which is not imported.  "
                + "To use it here, add the necessary import.";
        }

        return lookup.Tried == plain
            ? $"\"{plain}\" is not defined."
            : $"\"{plain}\" is resolved to \"{lookup.Tried}\", which is not defined. The innermost scope is searched first "
                + $"in name resolution; a leading '.' (\".{plain}\") starts from the outermost scope.";
    }
}

/// <summary>What was found for a name, and under which full name it was looked for at last.</summary>
internal readonly record struct Lookup(Symbol? Symbol, string Tried);

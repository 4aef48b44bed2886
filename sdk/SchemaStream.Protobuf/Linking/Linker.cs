using Google.Protobuf.Reflection;
using SchemaStream.Protobuf.Checks;
using SchemaStream.Protobuf.Options;
using SchemaStream.Protobuf.Parsing;
using SchemaStream.Protobuf.WellKnown;

namespace SchemaStream.Protobuf.Linking;

/// <summary>Brings a file and all that it imports together: resolves, interprets and checks as protoc does.</summary>
internal sealed class Linker
{
    private readonly Dictionary<string, ProtoImport> _imports = new(StringComparer.Ordinal);
    private readonly Dictionary<string, LinkedFile> _files = new(StringComparer.Ordinal);
    private readonly List<LinkedFile> _order = [];
    private readonly List<string> _path = [];
    private readonly Declarations _declarations;
    private readonly OptionInterpreter _options;

    private Linker(IReadOnlyList<ProtoImport> imports)
    {
        foreach (var import in imports)
        {
            if (!_imports.TryAdd(import.Name, import))
            {
                throw new ProtoSchemaException($"Two imports are given under the name \"{import.Name}\".");
            }
        }

        _declarations = new Declarations(Symbols);
        OptionTypes = new OptionTypes(Symbols);
        _options = new OptionInterpreter(Symbols, OptionTypes);
    }

    public SymbolTable Symbols { get; } = new();

    public ExtensionTable Extensions { get; } = new();

    public OptionTypes OptionTypes { get; }

    public LinkedFile Main { get; private set; } = null!;

    /// <summary>All files but the main one, each after those that it imports.</summary>
    public IReadOnlyList<FileDescriptorProto> Dependencies => [.. _order.Where(f => f != Main).Select(static f => f.Proto)];

    public static Linker Link(string name, ParsedFile parsed, IReadOnlyList<ProtoImport> imports)
    {
        var linker = new Linker(imports);
        linker._path.Add(name);
        linker.Main = linker.LinkFile(new LinkedFile(parsed.Proto, parsed.Places) { IsMain = true });
        return linker;
    }

    private LinkedFile LinkFile(LinkedFile file)
    {
        var imports = LinkImports(file);
        file.Exported.Add(file);
        file.Visible.Add(file);
        foreach (var index in file.Proto.PublicDependency)
        {
            file.Exported.UnionWith(imports[index].Exported);
        }

        foreach (var import in imports)
        {
            file.Visible.UnionWith(import.Exported);
        }

        Symbols.AddPackage(file);
        foreach (var visible in file.Visible)
        {
            file.VisiblePackages.UnionWith(visible.Packages());
        }

        _files[file.Proto.Name] = file;
        _order.Add(file);
        _declarations.Declare(file);
        new TypeResolver(Symbols, Extensions, file).Resolve();
        if (!file.IsBuiltIn)
        {
            _options.Interpret(file);
            new FileChecks(file, Symbols).Check();
        }

        return file;
    }

    private List<LinkedFile> LinkImports(LinkedFile file)
    {
        var result = new List<LinkedFile>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < file.Proto.Dependency.Count; i++)
        {
            var name = file.Proto.Dependency[i];
            if (!seen.Add(name))
            {
                throw file.Fault($"Import \"{name}\" was listed twice.", file.Proto, PlacePart.Import, i);
            }

            result.Add(Import(name, file, i));
        }

        return result;
    }

    private LinkedFile Import(string name, LinkedFile importer, int index)
    {
        if (_path.Contains(name))
        {
            var cycle = string.Join(" -> ", _path.Skip(_path.IndexOf(name)).Append(name).Take(20));
            throw importer.Fault($"File recursively imports itself: {cycle}", importer.Proto, PlacePart.Import, index);
        }

        if (_files.TryGetValue(name, out var linked))
        {
            return linked;
        }

        if (_files.Count + _path.Count >= ProtoLimits.MaxFiles || _path.Count >= ProtoLimits.MaxImportDepth)
        {
            throw importer.Fault(
                $"More than {ProtoLimits.MaxFiles} files are imported, or one imports the next more than "
                + $"{ProtoLimits.MaxImportDepth} deep.",
                importer.Proto,
                PlacePart.Import,
                index);
        }

        var file = Load(name) ?? throw importer.Fault(
            $"Import \"{name}\" was not found: it is none of the well-known files, and no reference has that name. "
                + "Register the file, and add a reference with the import's path for its name.",
            importer.Proto,
            PlacePart.Import,
            index);
        _path.Add(name);
        LinkFile(file);
        _path.RemoveAt(_path.Count - 1);
        return file;
    }

    private LinkedFile? Load(string name)
    {
        if (!_imports.TryGetValue(name, out var import))
        {
            return WellKnownFiles.Find(name) is { } known
                ? new LinkedFile(known, new SourcePlaces()) { IsBuiltIn = true }
                : null;
        }

        if (import.Text is not null)
        {
            var parsed = ProtoParser.Parse(name, import.Text, (message, place) => LinkedFile.Fault(name, message, place));
            return new LinkedFile(parsed.Proto, parsed.Places);
        }

        var copy = import.File!.Clone();
        copy.Name = name;
        return new LinkedFile(DescriptorIntake.Prepare(copy, name), new SourcePlaces());
    }
}

using SchemaStream.Protobuf.Linking;
using SchemaStream.Protobuf.Parsing;
using SchemaStream.Protobuf.WellKnown;

namespace SchemaStream.Protobuf.Options;

/// <summary>The messages that options are fields of: of the <c>descriptor.proto</c> being linked, else of ours.</summary>
internal sealed class OptionTypes(SymbolTable symbols)
{
    private SymbolTable? _builtIn;

    public MessageSymbol Find(string fullName) =>
        symbols.Find(fullName) as MessageSymbol ?? (MessageSymbol)BuiltIn().Find(fullName)!;

    private SymbolTable BuiltIn()
    {
        if (_builtIn is null)
        {
            // Put in its place only when it is whole: a linked schema may be printed on several threads.
            var table = new SymbolTable();
            var extensions = new ExtensionTable();
            var file = new LinkedFile(WellKnownFiles.Find(WellKnownFiles.Descriptor)!, new SourcePlaces()) { IsBuiltIn = true };
            file.Visible.Add(file);
            file.VisiblePackages.UnionWith(file.Packages());
            table.AddPackage(file);
            new Declarations(table).Declare(file);
            new TypeResolver(table, extensions, file).Resolve();
            _builtIn = table;
        }

        return _builtIn;
    }
}

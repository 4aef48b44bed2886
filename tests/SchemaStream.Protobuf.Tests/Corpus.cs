namespace SchemaStream.Protobuf.Tests;

/// <summary>The files of the corpus: <c>good</c> ones that protoc takes, <c>bad</c> ones that it refuses.</summary>
internal static class Corpus
{
    public static string Good { get; } = Path.Combine(AppContext.BaseDirectory, "corpus", "good");

    public static string Bad { get; } = Path.Combine(AppContext.BaseDirectory, "corpus", "bad");

    /// <summary>The files below a folder, as imports name them.</summary>
    public static IReadOnlyList<string> Files(string folder) =>
    [
        .. Directory.EnumerateFiles(folder, "*.proto", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(folder, path).Replace('\\', '/'))
            .Order(StringComparer.Ordinal),
    ];

    public static string Text(string folder, string name) => File.ReadAllText(Path.Combine(folder, name));

    private static readonly Lazy<IReadOnlyList<ProtoImport>> All = new(
        static () => [.. Files(Good).Select(static name => ProtoImport.FromText(name, Text(Good, name)))]);

    /// <summary>All files of the good corpus, for a file among them to import.</summary>
    public static IReadOnlyList<ProtoImport> Imports(string except) =>
        [.. All.Value.Where(import => import.Name != except)];

    public static ProtoSchema Parse(string name) => ProtoSchema.Parse(Text(Good, name), Imports(name), name);
}

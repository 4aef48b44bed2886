extern alias analyzers;

using System.Collections.Immutable;
using System.Globalization;
using analyzers::SchemaStream.Analyzers;
using analyzers::SchemaStream.Analyzers.Locks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;
using SchemaStream.Avro;

namespace SchemaStream.Analyzers.Tests;

/// <summary>The analyzer in a compiler, over a piece of code and a lock file.</summary>
internal static class Analysis
{
    private const string Usings = "#nullable enable\nusing System;\nusing System.Collections.Generic;\nusing SchemaStream;\nusing SchemaStream.Avro;\n";

    private static readonly IReadOnlyList<MetadataReference> References =
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(path => Path.GetFileName(path).StartsWith("System.", StringComparison.Ordinal))
            .Select(path => MetadataReference.CreateFromFile(path)),
        MetadataReference.CreateFromFile(typeof(SchemaStreamContractAttribute).Assembly.Location),
        MetadataReference.CreateFromFile(typeof(AvroNameAttribute).Assembly.Location),
    ];

    /// <summary>A lock file of one type.</summary>
    public static string Lock(string schema, string compatibility = "BACKWARD", string type = "Acme.Order") =>
        SchemaLock.Write([new LockEntry(null, null, type, "AVRO", compatibility, schema)]);

    /// <summary>The schema of a record in the namespace of the tests' code.</summary>
    public static string Record(string name, params string[] fields) =>
        $$"""{"type":"record","name":"{{name}}","namespace":"Acme","fields":[{{string.Join(',', fields)}}]}""";

    /// <summary>What is reported, each as <c>ID severity 'underlined text': message</c>.</summary>
    /// <param name="code">The code, in the namespace Acme.</param>
    /// <param name="lockFile">The lock file's text; null for none.</param>
    /// <param name="assembly">Attributes of the assembly.</param>
    public static async Task<IReadOnlyList<string>> Run(string code, string? lockFile, string assembly = "")
    {
        var compilation = CSharpCompilation.Create(
            "Acme",
            [CSharpSyntaxTree.ParseText(Usings + assembly + "namespace Acme;\n" + code, CSharpParseOptions.Default.WithLanguageVersion(LanguageVersion.Preview), "Code.cs")],
            References,
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary));
        compilation.GetDiagnostics().Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error).ShouldBeEmpty();
        ImmutableArray<AdditionalText> files = lockFile is null ? [] : [new LockText(lockFile)];
        var reported = await compilation
            .WithAnalyzers([new SchemaLockAnalyzer()], new AnalyzerOptions(files))
            .GetAnalyzerDiagnosticsAsync();
        return [.. reported.OrderBy(diagnostic => diagnostic.Location.SourceSpan.Start).Select(diagnostic => Describe(diagnostic, lockFile))];
    }

    private static string Describe(Diagnostic diagnostic, string? lockFile)
    {
        var text = diagnostic.Location.SourceTree?.GetText().ToString() ?? lockFile ?? "";
        var span = diagnostic.Location.SourceSpan;
        return $"{diagnostic.Id} {diagnostic.Severity} '{text.Substring(span.Start, span.Length)}': {diagnostic.GetMessage(CultureInfo.InvariantCulture)}";
    }

    private sealed class LockText(string text) : AdditionalText
    {
        public override string Path => "/src/schemas.lock";

        public override SourceText GetText(CancellationToken cancellationToken = default) => SourceText.From(text);
    }
}

extern alias generators;

using generators::SchemaStream.Generators;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using SchemaStream.Avro;

namespace SchemaStream.Generators.Tests;

/// <summary>The generator in a compiler, run again after each change with what it remembers.</summary>
internal sealed class Generation
{
    public const string ContractsStep = ContractGenerator.ContractsStep;
    public const string RegistrationStep = ContractGenerator.RegistrationStep;

    private const string Usings = "#nullable enable\nusing System;\nusing System.Collections.Generic;\nusing SchemaStream;\nusing SchemaStream.Avro;\n";

    private static readonly CSharpParseOptions Options = CSharpParseOptions.Default.WithLanguageVersion(LanguageVersion.Preview);

    private static readonly IReadOnlyList<MetadataReference> References =
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(path => Path.GetFileName(path).StartsWith("System.", StringComparison.Ordinal))
            .Select(path => MetadataReference.CreateFromFile(path)),
        MetadataReference.CreateFromFile(typeof(SchemaStreamContractAttribute).Assembly.Location),
        MetadataReference.CreateFromFile(typeof(AvroNameAttribute).Assembly.Location),
    ];

    private CSharpCompilation _compilation;
    private GeneratorDriver _driver = CSharpGeneratorDriver.Create(
        [new ContractGenerator().AsSourceGenerator()],
        parseOptions: Options,
        driverOptions: new GeneratorDriverOptions(IncrementalGeneratorOutputKind.None, trackIncrementalGeneratorSteps: true));

    private Generation(string code) => _compilation = CSharpCompilation.Create(
        "Acme", [Parse(code)], References, new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary));

    public static Generation Of(string code) => new(code);

    public GeneratorDriverRunResult Run()
    {
        _driver = _driver.RunGenerators(_compilation);
        return _driver.GetRunResult();
    }

    /// <summary>What the compiler says of code and generated code together, hidden things aside.</summary>
    public IReadOnlyList<Diagnostic> Compile()
    {
        _driver.RunGeneratorsAndUpdateCompilation(_compilation, out var output, out _);
        return [.. output.GetDiagnostics().Where(diagnostic => diagnostic.Severity != DiagnosticSeverity.Hidden)];
    }

    public void Add(string code)
    {
        _compilation = _compilation.AddSyntaxTrees(Parse(code));
        Run();
    }

    public void Replace(string code)
    {
        _compilation = _compilation.ReplaceSyntaxTree(_compilation.SyntaxTrees[0], Parse(code));
        Run();
    }

    public IReadOnlyList<IncrementalStepRunReason> Reasons(string step) =>
        [.. _driver.GetRunResult().Results[0].TrackedSteps[step].SelectMany(run => run.Outputs).Select(output => output.Reason)];

    public IReadOnlyList<IncrementalStepRunReason> OutputReasons() =>
        [.. _driver.GetRunResult().Results[0].TrackedOutputSteps
            .SelectMany(step => step.Value).SelectMany(run => run.Outputs).Select(output => output.Reason)];

    private static SyntaxTree Parse(string code) => CSharpSyntaxTree.ParseText(Usings + code, Options, "Code.cs");
}

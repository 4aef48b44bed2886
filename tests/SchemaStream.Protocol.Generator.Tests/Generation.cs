using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;

namespace SchemaStream.Protocol.Generator.Tests;

/// <summary>The generator in a compiler, run again after each change with what it remembers.</summary>
internal sealed class Generation
{
    private readonly Dictionary<string, DefinitionText> _files;
    private GeneratorDriver _driver;
    private CSharpCompilation _compilation = CSharpCompilation.Create("Acme.Wire");

    private Generation(IEnumerable<DefinitionText> files)
    {
        _files = files.ToDictionary(file => file.Path);
        _driver = CSharpGeneratorDriver.Create(
            [new MessageGenerator().AsSourceGenerator()],
            _files.Values,
            CSharpParseOptions.Default.WithLanguageVersion(LanguageVersion.Preview),
            new ProjectOptions(),
            new GeneratorDriverOptions(IncrementalGeneratorOutputKind.None, trackIncrementalGeneratorSteps: true));
    }

    public static Generation Of(params (string Path, string Text)[] files) =>
        new(files.Select(file => new DefinitionText(file.Path, file.Text)));

    public GeneratorDriverRunResult Run()
    {
        _driver = _driver.RunGenerators(_compilation);
        return _driver.GetRunResult();
    }

    public void AddCode(string code)
    {
        _compilation = _compilation.AddSyntaxTrees(CSharpSyntaxTree.ParseText(code));
        Run();
    }

    public void Change(string path, string text)
    {
        var changed = new DefinitionText(path, text);
        _driver = _driver.ReplaceAdditionalText(_files[path], changed);
        _files[path] = changed;
        Run();
    }

    public IReadOnlyList<IncrementalStepRunReason> Reasons(string step) =>
        [.. _driver.GetRunResult().Results[0].TrackedSteps[step].SelectMany(run => run.Outputs).Select(output => output.Reason)];

    public IReadOnlyList<IncrementalStepRunReason> OutputReasons() =>
        [.. _driver.GetRunResult().Results[0].TrackedOutputSteps
            .SelectMany(step => step.Value)
            .SelectMany(run => run.Outputs)
            .Select(output => output.Reason)];

    private sealed class DefinitionText(string path, string text) : AdditionalText
    {
        public override string Path => path;

        public override SourceText GetText(CancellationToken cancellationToken = default) => SourceText.From(text);
    }

    private sealed class ProjectOptions : AnalyzerConfigOptionsProvider
    {
        public override AnalyzerConfigOptions GlobalOptions { get; } = new Values();

        public override AnalyzerConfigOptions GetOptions(SyntaxTree tree) => GlobalOptions;

        public override AnalyzerConfigOptions GetOptions(AdditionalText textFile) => GlobalOptions;
    }

    private sealed class Values : AnalyzerConfigOptions
    {
        private static readonly ImmutableDictionary<string, string> All = ImmutableDictionary<string, string>.Empty
            .Add("build_property.MSBuildProjectDirectory", "/src/Acme/Wire")
            .Add("build_property.RootNamespace", "Acme.Wire");

        public override bool TryGetValue(string key, [NotNullWhen(true)] out string? value) => All.TryGetValue(key, out value);
    }
}

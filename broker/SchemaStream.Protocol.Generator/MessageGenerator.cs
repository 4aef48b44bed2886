using Microsoft.CodeAnalysis;
using SchemaStream.Protocol.Generator.Emit;
using SchemaStream.Protocol.Generator.Notation;

namespace SchemaStream.Protocol.Generator;

/// <summary>
/// The shell: finds the project's <c>*.msg</c> files and hands their text to the parser and emitters. Every step's result
/// compares by content, so that a change in one definition generates one file anew.
/// </summary>
[Generator(LanguageNames.CSharp)]
public sealed class MessageGenerator : IIncrementalGenerator
{
    internal const string ParseStep = "Parse";
    internal const string MessagesStep = "Messages";
    internal const string CatalogStep = "Catalog";

    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        var project = context.AnalyzerConfigOptionsProvider.Select(static (options, _) => Project.From(options.GlobalOptions));
        var files = context.AdditionalTextsProvider
            .Where(static file => file.Path.EndsWith(".msg", StringComparison.Ordinal))
            .Combine(project)
            .Select(static (pair, cancellation) => new ParsedFile(
                pair.Left.Path,
                pair.Right.NamespaceOf(pair.Left.Path),
                DefinitionParser.Parse(pair.Left.GetText(cancellation)?.ToString() ?? "")))
            .WithTrackingName(ParseStep);

        context.RegisterSourceOutput(files, static (output, file) =>
        {
            foreach (var error in file.Content.Errors)
            {
                output.ReportDiagnostic(Diagnostics.Of(file.Path, error));
            }
        });

        var messages = files
            .SelectMany(static (file, _) => file.Sources())
            .WithTrackingName(MessagesStep);

        context.RegisterSourceOutput(messages, static (output, source) => output.AddSource(
            $"{source.Namespace}.{source.FileStem}.{source.Message.ClassName}.g.cs",
            MessageEmitter.Emit(source.Message, source.Namespace, source.HasResponse)));

        RegisterDuplicates(context, messages);
        RegisterCatalog(context, files, project);
    }

    private static void RegisterDuplicates(
        IncrementalGeneratorInitializationContext context, IncrementalValuesProvider<MessageSource> messages)
    {
        var classes = messages
            .Select(static (source, _) => new GeneratedClass($"{source.Namespace}.{source.Message.ClassName}", source.Path))
            .Collect()
            .Select(static (all, _) => new EquatableArray<GeneratedClass>([.. all]));

        context.RegisterSourceOutput(classes, static (output, all) =>
        {
            foreach (var group in all.GroupBy(entry => entry.Name).Where(group => group.Count() > 1))
            {
                foreach (var repeated in group.Skip(1))
                {
                    output.ReportDiagnostic(Diagnostics.Repeated(repeated.Path, repeated.Name, group.First().Path));
                }
            }
        });
    }

    private static void RegisterCatalog(
        IncrementalGeneratorInitializationContext context,
        IncrementalValuesProvider<ParsedFile> files,
        IncrementalValueProvider<Project> project)
    {
        var apis = files
            .SelectMany(static (file, _) => file.Apis())
            .Collect()
            .Select(static (entries, _) => new EquatableArray<ApiEntry>([.. entries]))
            .Combine(project)
            .WithTrackingName(CatalogStep);

        context.RegisterSourceOutput(apis, static (output, pair) =>
        {
            if (pair.Left.Count > 0)
            {
                output.AddSource("MessageCatalog.g.cs", CatalogEmitter.Emit(pair.Left, pair.Right.RootNamespace));
            }
        });
    }
}

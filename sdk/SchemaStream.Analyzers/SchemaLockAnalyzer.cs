using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;
using SchemaStream.Analyzers.Locks;

namespace SchemaStream.Analyzers;

/// <summary>
/// Holds the program's types to <c>schemas.lock</c>: a change that breaks a contract is an error at the member that broke
/// it, long before a registry would refuse it.
/// </summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class SchemaLockAnalyzer : DiagnosticAnalyzer
{
    private const string Attribute = "SchemaStream.SchemaStreamContractAttribute";

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } =
    [
        Rules.Unreadable, Rules.Incompatible, Rules.OtherType, Rules.Outdated, Rules.Gone, Rules.Unlocked, Rules.Frozen, Rules.NoSchema,
    ];

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.EnableConcurrentExecution();
        context.RegisterCompilationAction(Analyze);
    }

    private static void Analyze(CompilationAnalysisContext context)
    {
        foreach (var file in context.Options.AdditionalFiles)
        {
            if (Path.GetFileName(file.Path) == SchemaLock.FileName)
            {
                Analyze(context, file);
            }
        }
    }

    private static void Analyze(CompilationAnalysisContext context, AdditionalText file)
    {
        var text = file.GetText(context.CancellationToken);
        List<LockEntry> entries;
        try
        {
            entries = SchemaLock.Read(text?.ToString() ?? "");
        }
        catch (FormatException e)
        {
            context.ReportDiagnostic(Diagnostic.Create(Rules.Unreadable, In(file, text, ""), e.Message));
            return;
        }

        var lookup = new TypeLookup(context.Compilation);
        var locked = new HashSet<ITypeSymbol>(SymbolEqualityComparer.Default);
        foreach (var entry in entries)
        {
            context.CancellationToken.ThrowIfCancellationRequested();
            if (lookup.Find(entry.Type) is { } type)
            {
                locked.Add(type);
                if (entry.Format == LockEntry.Avro)
                {
                    // What serializers of JSON and Protobuf make of a type is known when the program runs: the command line checks it.
                    new ContractCheck(context.Compilation, entry, type, context.ReportDiagnostic).Run();
                }
            }
            else
            {
                context.ReportDiagnostic(Diagnostic.Create(Rules.Gone, In(file, text, $"\"{entry.Type}\""), entry.Name, entry.Type));
            }
        }

        ReportUnlocked(context, locked);
    }

    private static void ReportUnlocked(CompilationAnalysisContext context, HashSet<ITypeSymbol> locked)
    {
        if (context.Compilation.GetTypeByMetadataName(Attribute) is not { } attribute)
        {
            return;
        }

        foreach (var type in TypesOf(context.Compilation.Assembly.GlobalNamespace))
        {
            if (!locked.Contains(type) && type.GetAttributes().Any(given => SymbolEqualityComparer.Default.Equals(given.AttributeClass, attribute)))
            {
                context.ReportDiagnostic(Diagnostic.Create(Rules.Unlocked, type.Locations.FirstOrDefault(), type.Name));
            }
        }

        // Types of others are named on the assembly: [assembly: SchemaStreamContract(typeof(Page<Order>))].
        foreach (var given in context.Compilation.Assembly.GetAttributes())
        {
            if (SymbolEqualityComparer.Default.Equals(given.AttributeClass, attribute)
                && given.ConstructorArguments.FirstOrDefault().Value is ITypeSymbol type && !locked.Contains(type))
            {
                var at = given.ApplicationSyntaxReference?.GetSyntax(context.CancellationToken).GetLocation();
                context.ReportDiagnostic(Diagnostic.Create(
                    Rules.Unlocked, at, type.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat)));
            }
        }
    }

    /// <summary>Whether the generator writes code for a type: by the attribute on it, or on the assembly.</summary>
    public static bool HasAttribute(Compilation compilation, ITypeSymbol type) =>
        compilation.GetTypeByMetadataName(Attribute) is { } attribute
        && (type.GetAttributes().Any(given => SymbolEqualityComparer.Default.Equals(given.AttributeClass, attribute))
            || compilation.Assembly.GetAttributes().Any(given => SymbolEqualityComparer.Default.Equals(given.AttributeClass, attribute)
                && given.ConstructorArguments.Any(argument => SymbolEqualityComparer.Default.Equals(argument.Value as ITypeSymbol, type))));

    private static IEnumerable<INamedTypeSymbol> TypesOf(INamespaceOrTypeSymbol container)
    {
        foreach (var member in container.GetMembers().OfType<INamespaceOrTypeSymbol>())
        {
            if (member is INamedTypeSymbol type)
            {
                yield return type;
            }

            foreach (var inner in TypesOf(member))
            {
                yield return inner;
            }
        }
    }

    /// <summary>The line of the lock file that says something; its first when nothing does.</summary>
    private static Location In(AdditionalText file, SourceText? text, string words)
    {
        var at = Math.Max(0, text?.ToString().IndexOf(words, StringComparison.Ordinal) ?? 0);
        var span = new TextSpan(at, words.Length);
        return Location.Create(file.Path, span, text?.Lines.GetLinePositionSpan(span) ?? default);
    }
}

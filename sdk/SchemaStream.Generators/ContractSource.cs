using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;
using SchemaStream.Generators.Shapes;

namespace SchemaStream.Generators;

/// <summary>What one contract comes to: a file, or what is wrong with the type. Nothing in it keeps a compilation alive.</summary>
/// <param name="TypeCode">The type, in code.</param>
/// <param name="ClassName">The codec's name.</param>
/// <param name="Text">The file; null where something is wrong.</param>
/// <param name="Problems">What is wrong.</param>
internal sealed record ContractSource(string TypeCode, string ClassName, string? Text, EquatableArray<Problem> Problems);

/// <summary>A diagnostic that compares by content.</summary>
internal sealed record Problem(DiagnosticDescriptor Rule, string Message, string Path, TextSpan Span, LinePositionSpan Lines)
{
    public static Problem Of(DiagnosticDescriptor rule, string message, Location? at) => at is { SourceTree: { } tree }
        ? new(rule, message, tree.FilePath, at.SourceSpan, at.GetLineSpan().Span)
        : new(rule, message, "", default, default);

    public static Problem Of(ShapeException exception, Location? otherwise) => Of(
        exception.Rule, exception.Message,
        exception.At?.Locations.FirstOrDefault(location => location.IsInSource) ?? otherwise);

    public Diagnostic ToDiagnostic() => Diagnostic.Create(
        Rule, Path.Length == 0 ? Location.None : Location.Create(Path, Span, Lines), Message);
}

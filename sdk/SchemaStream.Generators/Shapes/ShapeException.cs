using Microsoft.CodeAnalysis;

namespace SchemaStream.Generators.Shapes;

/// <summary>A shape that has no schema, with what the editor underlines.</summary>
internal sealed class ShapeException(DiagnosticDescriptor rule, ISymbol? at, string message) : Exception(message)
{
    public DiagnosticDescriptor Rule { get; } = rule;

    public ISymbol? At { get; } = at;

    /// <summary>Only generated code cannot have the type: code that is compiled at run time can.</summary>
    public bool IsOfGeneratedCode { get; init; }
}

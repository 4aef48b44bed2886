using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;
using SchemaStream.Protocol.Generator.Notation;

namespace SchemaStream.Protocol.Generator;

/// <summary>Errors of definitions as the compiler shows them: at the definition's own line.</summary>
internal static class Diagnostics
{
    private const string Category = "SchemaStream.Protocol";

    public static readonly DiagnosticDescriptor Syntax = new(
        "SSP001", "A line is not in the notation of message definitions", "{0}", Category, DiagnosticSeverity.Error, true);

    public static readonly DiagnosticDescriptor Meaning = new(
        "SSP002", "A message definition contradicts itself", "{0}", Category, DiagnosticSeverity.Error, true);

    public static readonly DiagnosticDescriptor Duplicate = new(
        "SSP003", "Two definitions make the same class", "{0} is defined in {1} as well", Category, DiagnosticSeverity.Error, true);

    public static Diagnostic Of(string path, DefinitionError error)
    {
        var span = new LinePositionSpan(
            new LinePosition(error.Line, error.Column),
            new LinePosition(error.Line, error.Column + error.Length));
        return Diagnostic.Create(
            error.Kind == ErrorKind.Syntax ? Syntax : Meaning, Location.Create(path, default, span), error.Text);
    }

    public static Diagnostic Repeated(string path, string name, string otherPath) =>
        Diagnostic.Create(Duplicate, Location.Create(path, default, default), name, otherPath);
}

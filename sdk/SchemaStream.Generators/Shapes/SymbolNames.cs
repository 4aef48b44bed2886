using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using SchemaStream.Avro.Schemas;

namespace SchemaStream.Generators.Shapes;

/// <summary>C# type names as Avro names, as generated code writes them, and as people do.</summary>
internal static class SymbolNames
{
    private static readonly SymbolDisplayFormat CodeFormat = SymbolDisplayFormat.FullyQualifiedFormat
        .WithMiscellaneousOptions(
            SymbolDisplayMiscellaneousOptions.UseSpecialTypes | SymbolDisplayMiscellaneousOptions.EscapeKeywordIdentifiers);

    /// <summary>
    /// The type's own name in its C# namespace; a nested type lives in the namespace of its outer type; a generic type
    /// spells its arguments out: <c>Page&lt;Order&gt;</c> is <c>PageOfOrder</c>.
    /// </summary>
    public static AvroName Of(ITypeSymbol type)
    {
        var given = Attributes.Find(type.OriginalDefinition, "AvroNameAttribute");
        var space = given?.Named("Namespace") as string ?? Namespace(type);
        var name = AvroName.Resolve(given?.Text(0) ?? Mangled(type), space);
        return AvroName.IsSimple(name.Name.AsSpan()) && AvroName.IsNamespace(name.Namespace)
            ? name
            : throw new ShapeException(
                Diagnostics.Name, type,
                $"{Readable(type)}: \"{name}\" is not an Avro name (ASCII letters, digits, underscores); give it one with [AvroName]");
    }

    /// <summary>The type in generated code: in full, without nullable annotations.</summary>
    public static string Code(ITypeSymbol type) => type.ToDisplayString(CodeFormat);

    /// <summary>A namespace in a declaration: in full, keywords escaped.</summary>
    public static string Space(INamespaceSymbol space) => space.ToDisplayString(CodeFormat.WithGlobalNamespaceStyle(SymbolDisplayGlobalNamespaceStyle.Omitted));

    /// <summary>A name in a declaration: a keyword is escaped.</summary>
    public static string Identifier(string name) =>
        SyntaxFacts.GetKeywordKind(name) == SyntaxKind.None && SyntaxFacts.GetContextualKeywordKind(name) == SyntaxKind.None ? name : "@" + name;

    /// <summary>The type as C# writes it.</summary>
    public static string Readable(ITypeSymbol type)
    {
        if (type is IArrayTypeSymbol array)
        {
            return $"{Readable(array.ElementType)}[{new string(',', array.Rank - 1)}]";
        }

        var arguments = AllArguments(type);
        return arguments.Count == 0 ? type.MetadataName : $"{WithoutArity(type)}<{string.Join(", ", arguments.Select(Readable))}>";
    }

    /// <summary>The type arguments, those of outer types first, as reflection counts them.</summary>
    public static IReadOnlyList<ITypeSymbol> AllArguments(ITypeSymbol type) => type is INamedTypeSymbol named
        ? [.. named.ContainingType is { } outer ? AllArguments(outer) : [], .. named.TypeArguments]
        : [];

    private static string Namespace(ITypeSymbol type)
    {
        if (type.ContainingType is { } outer)
        {
            var space = Namespace(outer);
            return space.Length == 0 ? WithoutArity(outer) : space + "." + WithoutArity(outer);
        }

        return type.ContainingNamespace is { IsGlobalNamespace: false } containing ? containing.ToDisplayString() : "";
    }

    private static string Mangled(ITypeSymbol type)
    {
        if (type is IArrayTypeSymbol array)
        {
            return "ArrayOf" + Mangled(array.ElementType);
        }

        var arguments = AllArguments(type);
        return arguments.Count == 0
            ? type.MetadataName
            : WithoutArity(type) + "Of" + string.Join("And", arguments.Select(Mangled));
    }

    private static string WithoutArity(ITypeSymbol type) => type.Name;
}

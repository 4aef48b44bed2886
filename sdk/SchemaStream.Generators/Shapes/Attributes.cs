using Microsoft.CodeAnalysis;

namespace SchemaStream.Generators.Shapes;

/// <summary>Attributes of SchemaStream.Avro, found by name: the generator does not load that library.</summary>
internal static class Attributes
{
    private const string Space = "SchemaStream.Avro";

    public static AttributeData? Find(ISymbol? symbol, string name) => All(symbol, name).FirstOrDefault();

    /// <summary>On a positional record's parameter an attribute stays on the parameter.</summary>
    public static AttributeData? Find(ISymbol member, IParameterSymbol? parameter, string name) =>
        Find(member, name) ?? Find(parameter, name);

    public static IEnumerable<AttributeData> All(ISymbol? symbol, string name) => symbol is null
        ? []
        : symbol.GetAttributes().Where(attribute => attribute.AttributeClass is { } type
            && type.Name == name && type.ContainingNamespace.ToDisplayString() == Space);

    public static string? Text(this AttributeData attribute, int position) =>
        attribute.ConstructorArguments.Length > position ? attribute.ConstructorArguments[position].Value as string : null;

    public static int Number(this AttributeData attribute, int position) =>
        attribute.ConstructorArguments.Length > position && attribute.ConstructorArguments[position].Value is int value ? value : 0;

    public static object? Named(this AttributeData attribute, string name) =>
        attribute.NamedArguments.FirstOrDefault(argument => argument.Key == name).Value.Value;
}

using Microsoft.CodeAnalysis;

namespace SchemaStream.Generators.Shapes;

/// <summary>Which C# types are unions to Avro, and of what.</summary>
internal static class UnionTypes
{
    private const string JsonDerivedType = "System.Text.Json.Serialization.JsonDerivedTypeAttribute";

    /// <summary>The types that values of a base class or interface may be; null when it is no union.</summary>
    public static IReadOnlyList<ITypeSymbol>? Of(ITypeSymbol type)
    {
        if (Attributes.Find(type.OriginalDefinition, "AvroUnionAttribute") is { } given)
        {
            return Named(given);
        }

        var derived = type.GetAttributes()
            .Where(attribute => attribute.AttributeClass?.ToDisplayString() == JsonDerivedType && attribute.ConstructorArguments.Length > 0)
            .Select(attribute => attribute.ConstructorArguments[0].Value).OfType<ITypeSymbol>().ToList();
        return derived.Count > 0 ? derived : Closed(type);
    }

    /// <summary>The types that the attribute names.</summary>
    public static IReadOnlyList<ITypeSymbol> Named(AttributeData union) => union.ConstructorArguments is [{ Kind: TypedConstantKind.Array } types]
        ? [.. types.Values.Select(value => value.Value).OfType<ITypeSymbol>()]
        : [];

    /// <summary>The types nested in an abstract class that no one else can derive from.</summary>
    private static List<ITypeSymbol>? Closed(ITypeSymbol type)
    {
        if (type is not INamedTypeSymbol { IsAbstract: true, TypeKind: TypeKind.Class, IsGenericType: false } named
            || !named.InstanceConstructors.All(IsPrivate))
        {
            return null;
        }

        var nested = named.GetTypeMembers()
            .Where(inner => inner is { IsAbstract: false, IsGenericType: false } && DerivesFrom(inner, type))
            .Cast<ITypeSymbol>().ToList();
        return nested.Count == 0 ? null : nested;

        // The constructor that copies a record is protected, and takes one that must have been made already.
        bool IsPrivate(IMethodSymbol constructor) => constructor.DeclaredAccessibility == Accessibility.Private
            || (constructor.Parameters.Length == 1 && SymbolEqualityComparer.Default.Equals(constructor.Parameters[0].Type, type));
    }

    private static bool DerivesFrom(INamedTypeSymbol type, ITypeSymbol ancestor)
    {
        for (var t = type.BaseType; t is not null; t = t.BaseType)
        {
            if (SymbolEqualityComparer.Default.Equals(t, ancestor))
            {
                return true;
            }
        }

        return false;
    }
}

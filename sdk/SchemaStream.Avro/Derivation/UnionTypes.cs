using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Text.Json.Serialization;

namespace SchemaStream.Avro.Derivation;

/// <summary>Which C# types are unions to Avro, and of what.</summary>
[RequiresUnreferencedCode(AvroReflection.Trimming)]
[RequiresDynamicCode(AvroReflection.DynamicCode)]
internal static class UnionTypes
{
    /// <summary>The types that values of a base class or interface may be; null when it is no union.</summary>
    public static IReadOnlyList<Type>? Of(Type type)
    {
        if (type.GetCustomAttribute<AvroUnionAttribute>(inherit: false) is { } given)
        {
            return given.Types;
        }

        var derived = type.GetCustomAttributes<JsonDerivedTypeAttribute>(inherit: false).Select(each => each.DerivedType).ToList();
        return derived.Count > 0 ? derived : Closed(type);
    }

    /// <summary>The types nested in an abstract class that no one else can derive from.</summary>
    private static List<Type>? Closed(Type type)
    {
        const BindingFlags all = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;
        if (!type.IsAbstract || type.IsInterface || type.IsGenericType || !type.GetConstructors(all).All(IsPrivate))
        {
            return null;
        }

        var nested = type.GetNestedTypes(BindingFlags.Public | BindingFlags.NonPublic)
            .Where(inner => !inner.IsAbstract && !inner.IsGenericTypeDefinition && inner.IsSubclassOf(type))
            .OrderBy(inner => inner.MetadataToken).ToList();
        return nested.Count == 0 ? null : nested;

        // The constructor that copies a record is protected, and takes one that must have been made already.
        bool IsPrivate(ConstructorInfo constructor) =>
            constructor.IsPrivate || (constructor.GetParameters() is [{ ParameterType: var parameter }] && parameter == type);
    }
}

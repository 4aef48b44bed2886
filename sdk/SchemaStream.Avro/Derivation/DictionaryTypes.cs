using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Reflection;

namespace SchemaStream.Avro.Derivation;

/// <summary>Which C# types are maps to Avro.</summary>
[RequiresUnreferencedCode(AvroReflection.Trimming)]
[RequiresDynamicCode(AvroReflection.DynamicCode)]
internal static class DictionaryTypes
{
    private static readonly HashSet<Type> Known =
    [
        typeof(IDictionary<,>), typeof(IReadOnlyDictionary<,>), typeof(Dictionary<,>), typeof(IImmutableDictionary<,>),
        typeof(ImmutableDictionary<,>), typeof(ImmutableSortedDictionary<,>), typeof(FrozenDictionary<,>),
    ];

    /// <summary>The key's and value's type of a dictionary that can be written and made again; null for other types.</summary>
    public static (Type Key, Type Value)? ValueOf(Type type)
    {
        if (!type.IsGenericType || type.GenericTypeArguments.Length != 2)
        {
            return null;
        }

        var (key, value) = (type.GenericTypeArguments[0], type.GenericTypeArguments[1]);
        return Known.Contains(type.GetGenericTypeDefinition()) || CopyConstructor(type, key, value) is not null ? (key, value) : null;
    }

    /// <summary>The constructor that copies another dictionary.</summary>
    public static ConstructorInfo? CopyConstructor(Type type, Type key, Type value) =>
        type.IsAbstract ? null : type.GetConstructor([typeof(IDictionary<,>).MakeGenericType(key, value)]);
}

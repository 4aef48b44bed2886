using System.Reflection;
using SchemaStream.Avro.Schemas;

namespace SchemaStream.Avro.Derivation;

/// <summary>C# type names as Avro names, and as people write them.</summary>
internal static class TypeNames
{
    /// <summary>
    /// The type's own name in its C# namespace; a nested type lives in the namespace of its outer type; a generic
    /// type spells its arguments out: <c>Page&lt;Order&gt;</c> is <c>PageOfOrder</c>.
    /// </summary>
    public static AvroName Of(Type type)
    {
        var given = type.GetCustomAttribute<AvroNameAttribute>();
        var space = given?.Namespace ?? Namespace(type);
        var name = AvroName.Resolve(given?.Name ?? Mangled(type), space);
        if (!AvroName.IsSimple(name.Name) || !AvroName.IsNamespace(name.Namespace))
        {
            throw new AvroSchemaException(
                $"{Readable(type)}: \"{name}\" is not an Avro name (ASCII letters, digits, underscores); give it one with [AvroName]");
        }

        return name;
    }

    /// <summary>The type as C# writes it.</summary>
    public static string Readable(Type type)
    {
        if (type.IsArray)
        {
            return $"{Readable(type.GetElementType()!)}[{new string(',', type.GetArrayRank() - 1)}]";
        }

        return type.IsGenericType
            ? $"{WithoutArity(type)}<{string.Join(", ", type.GenericTypeArguments.Select(Readable))}>"
            : type.Name;
    }

    private static string Namespace(Type type) => type.DeclaringType is { } outer
        ? Join(Namespace(outer), WithoutArity(outer))
        : type.Namespace ?? "";

    private static string Join(string space, string name) => space.Length == 0 ? name : space + "." + name;

    private static string Mangled(Type type)
    {
        if (type.IsArray)
        {
            return "ArrayOf" + Mangled(type.GetElementType()!);
        }

        return type.IsGenericType
            ? WithoutArity(type) + "Of" + string.Join("And", type.GenericTypeArguments.Select(Mangled))
            : type.Name;
    }

    private static string WithoutArity(Type type)
    {
        var tick = type.Name.IndexOf('`', StringComparison.Ordinal);
        return tick < 0 ? type.Name : type.Name[..tick];
    }
}

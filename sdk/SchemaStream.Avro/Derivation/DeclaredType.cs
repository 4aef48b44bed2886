using System.Diagnostics.CodeAnalysis;
using System.Reflection;

namespace SchemaStream.Avro.Derivation;

/// <summary>
/// A member's type as the code of its generic type writes it: where there are type parameters, and which of them have a
/// question mark. Of the members of a constructed type reflection says neither.
/// </summary>
/// <param name="IsParameter">A type parameter.</param>
/// <param name="IsAnnotated">A type parameter with a question mark.</param>
/// <param name="Arguments">The type arguments; of an array its items' type.</param>
[RequiresUnreferencedCode(AvroReflection.Trimming)]
[RequiresDynamicCode(AvroReflection.DynamicCode)]
internal sealed record DeclaredType(bool IsParameter, bool IsAnnotated, IReadOnlyList<DeclaredType> Arguments)
{
    private const byte Annotated = 2;

    /// <summary>The declared type of a generic type definition's member.</summary>
    public static DeclaredType Of(MemberInfo member)
    {
        var (marks, at) = (MarksOf(member), 0);
        return Read(ShapeReader.TypeOf(member), marks, ref at);
    }

    private static DeclaredType Read(Type type, byte[] marks, ref int at)
    {
        // The compiler leaves a mark for every part that is no plain value type, outer parts first; one for all that are alike.
        var mark = marks.Length == 1 ? marks[0] : at < marks.Length ? marks[at] : default;
        at += type.IsGenericParameter || !type.IsValueType || type.IsGenericType ? 1 : 0;
        var arguments = new List<DeclaredType>();
        foreach (var argument in type.GetElementType() is { } element ? [element] : type.GetGenericArguments())
        {
            arguments.Add(Read(argument, marks, ref at));
        }

        return new DeclaredType(type.IsGenericParameter, type.IsGenericParameter && mark == Annotated, arguments);
    }

    /// <summary>The marks on the member, or the one that the type around it has when most of its members are so.</summary>
    private static byte[] MarksOf(MemberInfo member)
    {
        var own = Marks(member, "System.Runtime.CompilerServices.NullableAttribute");
        for (var type = member.DeclaringType; own is null && type is not null; type = type.DeclaringType)
        {
            own = Marks(type, "System.Runtime.CompilerServices.NullableContextAttribute");
        }

        return own ?? [];
    }

    private static byte[]? Marks(MemberInfo member, string attribute) => member.CustomAttributes
        .Where(given => given.AttributeType.FullName == attribute)
        .Select(given => given.ConstructorArguments switch
        {
            [{ Value: byte mark }] => [mark],
            [{ Value: IReadOnlyCollection<CustomAttributeTypedArgument> all }] => [.. all.Select(each => (byte)each.Value!)],
            _ => (byte[]?)null,
        })
        .FirstOrDefault();
}

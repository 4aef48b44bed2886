using System.Globalization;
using System.Reflection;
using System.Text;

namespace SchemaStream.Tests.PublicSurface;

/// <summary>An assembly's public surface as text: one line per type and member, sorted.</summary>
internal static class PublicApi
{
    private const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private static readonly NullabilityInfoContext Nullability = new();

    public static string Describe(Assembly assembly)
    {
        var text = new StringBuilder();
        foreach (var type in assembly.GetExportedTypes().OrderBy(type => type.FullName, StringComparer.Ordinal))
        {
            text.Append(Kind(type)).Append(' ').Append(Name(type, full: true)).Append(Bases(type)).Append('\n');
            foreach (var line in Members(type).Order(StringComparer.Ordinal))
            {
                text.Append("  ").Append(line).Append('\n');
            }
        }

        return text.ToString();
    }

    private static IEnumerable<string> Members(Type type)
    {
        if (type.IsEnum)
        {
            return type.GetFields(BindingFlags.Public | BindingFlags.Static)
                .Select(field => string.Create(CultureInfo.InvariantCulture, $"{field.Name} = {Convert.ToInt64(field.GetRawConstantValue(), CultureInfo.InvariantCulture)}"));
        }

        return type.GetMembers(Declared).Where(IsVisible).Select(Line).Where(line => line.Length > 0);
    }

    /// <summary>What callers and heirs see, without what the compiler writes for every record.</summary>
    private static bool IsVisible(MemberInfo member) => !member.Name.Contains('<', StringComparison.Ordinal) && member switch
    {
        MethodBase method => (method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly)
            && (!method.IsSpecialName || method.IsConstructor)
            && member.Name is not ("PrintMembers" or "GetHashCode" or "Equals" or "ToString" or "Deconstruct"),
        PropertyInfo property => property.GetAccessors(nonPublic: true).Any(accessor => accessor.IsPublic || accessor.IsFamily)
            && property.Name != "EqualityContract",
        FieldInfo field => field.IsPublic,
        EventInfo => true,
        _ => false,
    };

    private static string Line(MemberInfo member) => member switch
    {
        ConstructorInfo constructor => $".ctor({Parameters(constructor)})",
        MethodInfo method => $"{(method.IsStatic ? "static " : "")}{Name(Nullability.Create(method.ReturnParameter))} "
            + $"{method.Name}{Generics(method.GetGenericArguments())}({Parameters(method)})",
        PropertyInfo property => $"{(property.GetAccessors(true)[0].IsStatic ? "static " : "")}{Name(Nullability.Create(property))} {property.Name} {{{Accessors(property)} }}",
        FieldInfo field => $"{(field.IsLiteral ? "const " : field.IsStatic ? "static " : "")}{Name(Nullability.Create(field))} {field.Name}"
            + (field.IsLiteral ? $" = {field.GetRawConstantValue()}" : ""),
        EventInfo happening => $"event {Name(Nullability.Create(happening))} {happening.Name}",
        _ => "",
    };

    private static string Accessors(PropertyInfo property) =>
        (property.GetMethod?.IsPublic == true ? " get;" : "")
        + (property.SetMethod is not { IsPublic: true } setter ? ""
            : setter.ReturnParameter.GetRequiredCustomModifiers().Length > 0 ? " init;" : " set;");

    private static string Parameters(MethodBase method) => string.Join(", ", method.GetParameters().Select(parameter =>
        $"{(parameter.IsOut ? "out " : parameter.ParameterType.IsByRef ? "in " : "")}{Name(Nullability.Create(parameter))} {parameter.Name}"
        + (parameter.HasDefaultValue ? $" = {parameter.DefaultValue ?? "default"}" : "")));

    private static string Name(NullabilityInfo info)
    {
        var type = info.Type.IsByRef ? info.Type.GetElementType()! : info.Type;
        var isNullable = info.ReadState == NullabilityState.Nullable && !type.IsValueType && !type.IsGenericParameter;
        return Name(type, full: false) + (isNullable ? "?" : "");
    }

    private static string Name(Type type, bool full)
    {
        if (Nullable.GetUnderlyingType(type) is { } underlying)
        {
            return Name(underlying, full) + "?";
        }

        if (type.IsArray)
        {
            return Name(type.GetElementType()!, full) + "[]";
        }

        var name = full && type.Namespace is { } space ? $"{space}.{type.Name}" : type.Name;
        var tick = name.IndexOf('`', StringComparison.Ordinal);
        return (tick < 0 ? name : name[..tick]) + Generics(type.GetGenericArguments());
    }

    private static string Generics(Type[] arguments) =>
        arguments.Length == 0 ? "" : $"<{string.Join(", ", arguments.Select(argument => Name(argument, full: false)))}>";

    private static string Kind(Type type) => type switch
    {
        { IsEnum: true } => "enum",
        { IsInterface: true } => "interface",
        { IsValueType: true } => "struct",
        { IsAbstract: true, IsSealed: true } => "static class",
        { IsAbstract: true } => "abstract class",
        { IsSealed: true } => "sealed class",
        _ => "class",
    };

    private static string Bases(Type type)
    {
        var bases = type.GetInterfaces().Where(face => face.IsPublic && !type.IsEnum && face.Name is not "IEquatable`1").Select(face => Name(face, full: false));
        if (type.BaseType is { } parent && parent != typeof(object) && !type.IsValueType)
        {
            bases = bases.Prepend(Name(parent, full: false));
        }

        var text = string.Join(", ", bases);
        return text.Length == 0 || type.IsEnum ? "" : " : " + text;
    }
}

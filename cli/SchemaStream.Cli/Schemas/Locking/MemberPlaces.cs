using System.Globalization;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using SchemaStream.Analyzers.Locks;
using SchemaStream.Json;

namespace SchemaStream.Cli.Schemas.Locking;

/// <summary>The C# member that a place in a schema came from.</summary>
internal static class MemberPlaces
{
    /// <summary>The innermost member on the way to a place; null where the way leads through none.</summary>
    /// <param name="contract">The contract.</param>
    /// <param name="path">The place, as the rules of the format name it.</param>
    public static MemberInfo? Of(ProgramContract contract, string path) => contract.Entry.Format switch
    {
        LockEntry.Json => OfJson(contract, path),
        LockEntry.Protobuf => OfProtobuf(contract.Type, path),
        _ => null,
    };

    /// <summary>A place such as <c>#/properties/lines/items/properties/sku</c>.</summary>
    private static MemberInfo? OfJson(ProgramContract contract, string path)
    {
        var settings = (contract.Json ?? new JsonFormatOptions()).SerializerOptions;
        var type = settings.GetTypeInfo(contract.Type);
        MemberInfo? member = null;
        var names = path.Split('/').Select(name => name.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal)).ToList();
        for (var i = 1; i < names.Count; i++)
        {
            if (names[i] == "properties" && i + 1 < names.Count && type.Properties.FirstOrDefault(each => each.Name == names[i + 1]) is { } property)
            {
                member = property.AttributeProvider as MemberInfo ?? member;
                type = Plain(settings, property.PropertyType);
                i++;
            }
            else if (names[i] is "items" or "additionalProperties" && type.ElementType is { } element)
            {
                type = Plain(settings, element);
            }
            else if (names[i] is not ("oneOf" or "anyOf" or "allOf") && !int.TryParse(names[i], CultureInfo.InvariantCulture, out _))
            {
                break;
            }
        }

        return member;
    }

    private static JsonTypeInfo Plain(JsonSerializerOptions settings, Type type) => settings.GetTypeInfo(Nullable.GetUnderlyingType(type) ?? type);

    /// <summary>A place such as <c>#/Order/Line/2</c>: messages by their names, a field by its number.</summary>
    private static MemberInfo? OfProtobuf(Type type, string path)
    {
        Type? message = null;
        foreach (var name in path.Split('/').Skip(1))
        {
            if (int.TryParse(name, CultureInfo.InvariantCulture, out var number))
            {
                return message is null ? null : (MemberInfo?)FieldOf(message, number) ?? message;
            }

            // Generated classes nest messages in a class of this name.
            message = (message is null ? type.Assembly.GetType($"{type.Namespace}.{name}") : message.GetNestedType("Types")?.GetNestedType(name)) ?? message;
        }

        return message;
    }

    private static PropertyInfo? FieldOf(Type message, int number)
    {
        const string Suffix = "FieldNumber";
        var constant = message.GetFields(BindingFlags.Public | BindingFlags.Static).FirstOrDefault(field =>
            field.IsLiteral && field.Name.EndsWith(Suffix, StringComparison.Ordinal) && field.GetRawConstantValue() is int value && value == number);
        return constant is null ? null : message.GetProperty(constant.Name[..^Suffix.Length]);
    }
}

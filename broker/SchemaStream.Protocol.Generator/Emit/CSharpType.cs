using System.Globalization;
using SchemaStream.Protocol.Generator.Notation;

namespace SchemaStream.Protocol.Generator.Emit;

/// <summary>How a field looks in C#: its type, and the value it starts with.</summary>
internal static class CSharpType
{
    public static string Of(FieldDefinition field) => Bare(field.Type) + (CanBeNull(field) ? "?" : "");

    public static string Bare(FieldType type) =>
        type.IsArray ? $"global::System.Collections.Generic.List<{Element(type)}>" : Element(type);

    public static string Element(FieldType type) => type.Struct ?? Primitives.CSharpOf(type.Primitive);

    /// <summary>A tagged struct is null when it is not sent, whether or not the protocol has a null for it.</summary>
    public static bool CanBeNull(FieldDefinition field) =>
        !field.Nullable.IsEmpty || (field is { IsTagged: true, Type: { IsStruct: true, IsArray: false } });

    /// <summary>Made when it is first asked for: reading sets it anyway, and then the first one would be for nothing.</summary>
    public static bool IsLazy(FieldDefinition field) => !CanBeNull(field) && (field.Type.IsArray || field.Type.IsStruct);

    /// <summary>The C# text of the default; null where it is the type's own.</summary>
    public static string? Initializer(FieldDefinition field)
    {
        if (field.Type.IsArray)
        {
            return CanBeNull(field) && field.Default != "null" ? "[]" : null;
        }

        return field.Type.Primitive switch
        {
            Primitive.String => field.Default == "null" ? null : "\"\"",
            Primitive.Bytes or Primitive.Records => CanBeNull(field) && field.Default != "null" ? $"{Bare(field.Type)}.Empty" : null,
            Primitive.Struct => CanBeNull(field) && !field.IsTagged && field.Default != "null" ? "new()" : null,
            Primitive.Float64 or Primitive.Boolean => field.Default is null or "false" or "0" ? null : field.Default,
            _ => Number(field),
        };
    }

    private static string? Number(FieldDefinition field)
    {
        if (field.Default is null || !DefaultValue.TryInteger(field.Default, out var value) || value == 0)
        {
            return null;
        }

        var text = value.ToString(CultureInfo.InvariantCulture);
        return field.Type.Primitive == Primitive.Error ? $"({Bare(field.Type)})({text})" : text;
    }
}

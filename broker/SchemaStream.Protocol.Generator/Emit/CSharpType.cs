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

    /// <summary>
    /// Whether the field starts as null: where every version has a null, as a C# reader expects. Records start empty,
    /// because clients take null records for a broken answer.
    /// </summary>
    public static bool StartsAsNull(FieldDefinition field) =>
        CanBeNull(field)
        && (field.Default == "null" || field.IsTagged
            || (field.Nullable.Contains(field.Versions) && field.Type.Primitive != Primitive.Records));

    /// <summary>The C# text of what the field starts as; null where it is the type's own default.</summary>
    public static string? Initializer(FieldDefinition field)
    {
        if (StartsAsNull(field) || IsLazy(field))
        {
            return null;
        }

        return field.Type.IsArray
            ? "[]"
            : field.Type.Primitive switch
            {
                Primitive.String => "\"\"",
                Primitive.Bytes or Primitive.Records => CanBeNull(field) ? $"{Bare(field.Type)}.Empty" : null,
                Primitive.Struct => "new()",
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

using SchemaStream.Protocol.Generator.Notation;

namespace SchemaStream.Protocol.Generator.Emit;

/// <summary>Versions in a row in which a field is laid out in the same way.</summary>
internal readonly record struct Layout(VersionRange Versions, bool Flexible, bool Nullable)
{
    /// <summary>The layouts of a field, newest first.</summary>
    public static IReadOnlyList<Layout> Of(FieldDefinition field, MessageDefinition message)
    {
        var layouts = new List<Layout>();
        for (var version = field.Versions.First; version <= field.Versions.Last; version++)
        {
            var layout = new Layout(
                new VersionRange(version, version), message.Flexible.Contains(version), field.Nullable.Contains(version));
            var last = layouts.Count - 1;
            if (last >= 0 && layouts[last].Flexible == layout.Flexible && layouts[last].Nullable == layout.Nullable)
            {
                layouts[last] = layouts[last] with { Versions = layouts[last].Versions.Hull(layout.Versions) };
            }
            else
            {
                layouts.Add(layout);
            }
        }

        layouts.Reverse();
        return layouts;
    }

    /// <summary>The fewest bytes that a value takes; used to check a count before room is made for it.</summary>
    public static int SmallestSize(StructDefinition type, MessageDefinition message)
    {
        var smallest = int.MaxValue;
        for (var version = type.Versions.First; version <= type.Versions.Last; version++)
        {
            var flexible = message.Flexible.Contains(version);
            var size = flexible ? 1 : 0;
            foreach (var field in type.Fields)
            {
                size += field.Versions.Contains(version) && !field.IsTagged ? SmallestSize(field, message, version) : 0;
            }

            smallest = Math.Min(smallest, size);
        }

        return Math.Max(1, smallest);
    }

    public static int SmallestElement(FieldType element, MessageDefinition message) =>
        element.IsStruct
            ? SmallestSize(StructOf(element, message), message)
            : Primitives.FixedSizeOf(element.Primitive) is > 0 and var size ? size
            : message.Flexible.Contains(message.Versions.Last) ? 1
            : element.Primitive == Primitive.String ? 2 : 4;

    public static StructDefinition StructOf(FieldType type, MessageDefinition message) =>
        message.Structs.First(candidate => candidate.Name == type.Struct);

    private static int SmallestSize(FieldDefinition field, MessageDefinition message, int version)
    {
        var fixedSize = field.Type.IsStruct || field.Type.IsArray ? 0 : Primitives.FixedSizeOf(field.Type.Primitive);
        if (fixedSize > 0)
        {
            return fixedSize;
        }

        if (field.Type.IsStruct && !field.Type.IsArray)
        {
            return field.Nullable.Contains(version) ? 1 : SmallestSize(StructOf(field.Type, message), message);
        }

        return message.Flexible.Contains(version) ? 1
            : field.Type.Primitive == Primitive.String && !field.Type.IsArray ? 2
            : 4;
    }
}

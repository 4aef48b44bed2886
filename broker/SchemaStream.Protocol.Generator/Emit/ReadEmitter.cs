using SchemaStream.Protocol.Generator.Notation;

namespace SchemaStream.Protocol.Generator.Emit;

/// <summary>Writes the body of <c>Read</c>: straight-line code over the reader, one branch per range of versions.</summary>
internal sealed class ReadEmitter(CodeText code, MessageDefinition message, StructDefinition owner)
{
    /// <summary>The message of a struct, which has the spares; the message itself needs no word for it.</summary>
    private readonly bool _isRoot = owner.Name == message.ClassName;

    public void Body()
    {
        foreach (var field in owner.Fields.Where(field => !field.IsTagged))
        {
            using (code.OpenIf(Conditions.For(field.Versions, owner.Versions)))
            {
                Field(field);
            }
        }

        if (!message.Flexible.Intersect(owner.Versions).IsEmpty)
        {
            using (code.OpenIf(Conditions.For(message.Flexible.Intersect(owner.Versions), owner.Versions)))
            {
                TaggedFields();
            }
        }
    }

    private void TaggedFields()
    {
        var tagged = owner.Fields.Where(field => field.IsTagged).OrderBy(field => field.Tag).ToList();
        if (tagged.Count == 0)
        {
            code.Line("reader.SkipTaggedFields();");
            return;
        }

        using (code.Open($"for (var left = reader.ReadUnsignedVarint(\"{owner.Name}\"); left > 0; left--)"))
        {
            code.Line("reader.ReadTag(out var tag, out var size);");
            code.Line("var start = reader.Position;");
            using (code.Open("switch (tag)"))
            {
                foreach (var field in tagged)
                {
                    var condition = Conditions.For(field.Versions, message.Flexible.Intersect(owner.Versions));
                    using (code.Open($"case {field.Tag}{(condition is null ? "" : $" when {condition}")}:"))
                    {
                        Field(field);
                        code.Line($"reader.EndTag(start, size, {Label(field)});");
                        code.Line("break;");
                    }
                }

                using (code.Open("default:"))
                {
                    code.Line("reader.SkipTag(size);");
                    code.Line("break;");
                }
            }
        }
    }

    private void Field(FieldDefinition field)
    {
        var layouts = Layout.Of(field, message);
        if (field.Type.IsArray)
        {
            Array(field, layouts);
        }
        else if (field.Type.IsStruct)
        {
            Struct(field);
        }
        else if (Primitives.FixedSizeOf(field.Type.Primitive) > 0)
        {
            code.Line($"{field.Name} = {FixedRead(field.Type.Primitive, Label(field))};");
        }
        else
        {
            code.Line($"{field.Name} = {Choose(field, layouts, layout => $"reader.Read{Variant(field.Type.Primitive, layout)}({Label(field)})")};");
        }
    }

    private void Struct(FieldDefinition field)
    {
        if (field.Nullable.IsEmpty)
        {
            ReadStruct(field);
            return;
        }

        var always = field.Nullable.Contains(field.Versions);
        var present = $"reader.ReadInt8({Label(field)}) >= 0";
        using (code.Open(always ? $"if ({present})" : $"if (!({Conditions.For(field.Nullable, field.Versions)}) || {present})"))
        {
            ReadStruct(field);
        }

        using (code.Open("else"))
        {
            code.Line($"{field.Name} = null;");
        }
    }

    private void ReadStruct(FieldDefinition field)
    {
        if (CSharpType.CanBeNull(field))
        {
            code.Line($"{field.Name} = {Spare(Reuse.NewMethod(field.Type.Struct!))};");
        }

        code.Line($"{field.Name}.Read(ref reader, version, {(_isRoot ? "this" : "message")});");
    }

    private string Spare(string method) => $"{(_isRoot ? "" : "message.")}{method}()";

    private void Array(FieldDefinition field, IReadOnlyList<Layout> layouts)
    {
        var smallest = Layout.SmallestElement(field.Type.Element, message);
        var byFlexible = layouts
            .GroupBy(layout => layout.Flexible)
            .Select(group => new Layout(group.Aggregate(VersionRange.None, (sum, layout) => sum.Hull(layout.Versions)), group.Key, false))
            .ToList();
        using (code.Open())
        {
            code.Line($"var count = {Choose(field, byFlexible, layout => $"reader.Read{(layout.Flexible ? "Compact" : "")}ArrayLength({smallest}, {Label(field)})")};");
            using (code.Open("if (count >= 0)"))
            {
                Elements(field);
            }

            using (code.Open("else"))
            {
                NullArray(field);
            }
        }
    }

    private void Elements(FieldDefinition field)
    {
        code.Line($"var items = {List(field)};");
        code.Line(field.Type.IsStruct
            ? $"reader.MakeStructRoom(items, count, {Label(field)});"
            : "global::SchemaStream.Protocol.KafkaReader.MakeRoom(items, count);");
        using (code.Open("for (var i = 0; i < count; i++)"))
        {
            if (field.Type.IsStruct)
            {
                code.Line($"var item = {Spare(Reuse.NewMethod(field.Type.Struct!))};");
                code.Line("items.Add(item);");
                code.Line($"item.Read(ref reader, version, {(_isRoot ? "this" : "message")});");
            }
            else if (Primitives.FixedSizeOf(field.Type.Primitive) > 0)
            {
                code.Line($"items.Add({FixedRead(field.Type.Primitive, Label(field))});");
            }
            else
            {
                var layouts = Layout.Of(field with { Nullable = VersionRange.None }, message);
                code.Line($"items.Add({Choose(field, layouts, layout => $"reader.Read{Variant(field.Type.Primitive, layout)}({Label(field)})")});");
            }
        }
    }

    /// <summary>The list to fill: the field's own where it has one.</summary>
    private string List(FieldDefinition field) =>
        CSharpType.IsLazy(field) ? field.Name
        : field.Type.IsStruct && CSharpType.StartsAsNull(field) ? $"{field.Name} = {Spare(Reuse.NewListMethod(field.Type.Struct!))}"
        : $"{field.Name} ??= new()";

    private void NullArray(FieldDefinition field)
    {
        if (field.Nullable.IsEmpty)
        {
            code.Line($"throw reader.NullFound({Label(field)});");
            return;
        }

        var condition = Conditions.For(field.Nullable, field.Versions);
        code.Line(condition is null
            ? $"{field.Name} = null;"
            : $"{field.Name} = {condition} ? null : throw reader.NullFound({Label(field)});");
    }

    private static string Choose(FieldDefinition field, IReadOnlyList<Layout> layouts, Func<Layout, string> read)
    {
        var choices = layouts.Select(layout =>
            layout.Versions.First == field.Versions.First ? read(layout) : $"version >= {layout.Versions.First} ? {read(layout)} : ");
        return string.Concat(choices);
    }

    private static string Variant(Primitive primitive, Layout layout) =>
        (layout.Flexible ? "Compact" : "") + (layout.Nullable ? "Nullable" : "") + (primitive == Primitive.String ? "String" : "Bytes");

    private static string FixedRead(Primitive primitive, string label) =>
        primitive == Primitive.Error
            ? $"({Primitives.CSharpOf(primitive)})reader.ReadInt16({label})"
            : $"reader.Read{primitive}({label})";

    private string Label(FieldDefinition field) => $"\"{owner.Name}.{field.Name}\"";
}

using SchemaStream.Protocol.Generator.Notation;

namespace SchemaStream.Protocol.Generator.Emit;

/// <summary>Writes the body of <c>Write</c>: the fields of the version in order, then the tagged fields that are not default.</summary>
internal sealed class WriteEmitter(CodeText code, MessageDefinition message, StructDefinition owner)
{
    /// <summary>On the stack, for what stands in a tagged field: most are a few numbers.</summary>
    private const int ScratchBytes = 128;

    public void Body()
    {
        foreach (var field in owner.Fields.Where(field => !field.IsTagged))
        {
            using (code.OpenIf(Conditions.For(field.Versions, owner.Versions)))
            {
                Field(field, "writer", field.Name);
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
            code.Line("writer.WriteUnsignedVarint(0);");
            return;
        }

        code.Line("var tags = 0u;");
        foreach (var field in tagged)
        {
            using (code.Open($"if ({IsSent(field)})"))
            {
                code.Line("tags++;");
            }
        }

        code.Line("writer.WriteUnsignedVarint(tags);");
        foreach (var field in tagged)
        {
            using (code.Open($"if ({IsSent(field)})"))
            {
                TaggedField(field);
            }
        }
    }

    private void TaggedField(FieldDefinition field)
    {
        var size = field.Type.IsArray ? 0 : field.Type.IsStruct ? 0 : Primitives.FixedSizeOf(field.Type.Primitive);
        if (size > 0)
        {
            code.Line($"writer.WriteUnsignedVarint({field.Tag});");
            code.Line($"writer.WriteUnsignedVarint({size});");
            code.Line(FixedWrite(field.Type.Primitive, "writer", field.Name));
            return;
        }

        code.Line($"var tagWriter = new global::SchemaStream.Protocol.KafkaWriter(stackalloc byte[{ScratchBytes}]);");
        Field(field, "tagWriter", field.Name);
        code.Line($"writer.WriteTagged({field.Tag}, tagWriter.TakeScratch());");
    }

    /// <summary>A tagged field is sent when it differs from its default.</summary>
    private string IsSent(FieldDefinition field)
    {
        var condition = Conditions.For(field.Versions, message.Flexible.Intersect(owner.Versions));
        return condition is null ? Differs(field) : $"({condition}) && {Differs(field)}";
    }

    private static string Differs(FieldDefinition field)
    {
        if (CSharpType.StartsAsNull(field))
        {
            return $"{field.Name} is not null";
        }

        if (field.Type.IsArray || field.Type.Primitive is Primitive.Bytes or Primitive.Records)
        {
            var size = field.Type.IsArray ? "Count" : "Length";
            return $"{field.Name} is not {{ {size}: 0 }}";
        }

        return $"{field.Name} != {(field.Type.Primitive == Primitive.String ? "\"\"" : CSharpType.Initializer(field) ?? "default")}";
    }

    private void Field(FieldDefinition field, string writer, string value)
    {
        var layouts = Layout.Of(field, message);
        if (field.Type.IsStruct && !field.Type.IsArray)
        {
            Struct(field, writer, value);
        }
        else if (!field.Type.IsArray && Primitives.FixedSizeOf(field.Type.Primitive) > 0)
        {
            code.Line(FixedWrite(field.Type.Primitive, writer, value));
        }
        else if (field.Type.IsArray)
        {
            Array(field, layouts, writer, value);
        }
        else
        {
            Branch(field, layouts, layout => code.Line(Write(field, layout, writer, value)));
        }
    }

    private void Struct(FieldDefinition field, string writer, string value)
    {
        if (field.Nullable.IsEmpty)
        {
            code.Line($"{value}.Write(ref {writer}, version);");
            return;
        }

        var condition = Conditions.For(field.Nullable, field.Versions);
        using (code.Open($"if ({value} is null)"))
        {
            using (code.OpenIf(condition is null ? null : $"!({condition})"))
            {
                if (condition is not null)
                {
                    code.Line($"throw {NullWritten(field)};");
                }
            }

            code.Line($"{writer}.WriteInt8(-1);");
        }

        using (code.Open("else"))
        {
            using (code.OpenIf(condition))
            {
                code.Line($"{writer}.WriteInt8(1);");
            }

            code.Line($"{value}.Write(ref {writer}, version);");
        }
    }

    private void Array(FieldDefinition field, IReadOnlyList<Layout> layouts, string writer, string value)
    {
        using (code.Open())
        {
            code.Line($"var items = {value};");
            if (!field.Nullable.IsEmpty && !field.Nullable.Contains(field.Versions))
            {
                using (code.Open($"if (items is null && !({Conditions.For(field.Nullable, field.Versions)}))"))
                {
                    code.Line($"throw {NullWritten(field)};");
                }
            }

            var count = field.Nullable.IsEmpty ? "items.Count" : "items?.Count ?? -1";
            var byFlexible = layouts
                .GroupBy(layout => layout.Flexible)
                .Select(group => new Layout(group.Aggregate(VersionRange.None, (sum, layout) => sum.Hull(layout.Versions)), group.Key, false))
                .ToList();
            Branch(field, byFlexible, layout => code.Line($"{writer}.Write{(layout.Flexible ? "Compact" : "")}ArrayLength({count});"));
            using (code.OpenIf(field.Nullable.IsEmpty ? null : "items is not null"))
            {
                Elements(field, writer);
            }
        }
    }

    private void Elements(FieldDefinition field, string writer)
    {
        using (code.Open("for (var i = 0; i < items.Count; i++)"))
        {
            if (field.Type.IsStruct)
            {
                code.Line($"items[i].Write(ref {writer}, version);");
            }
            else if (Primitives.FixedSizeOf(field.Type.Primitive) > 0)
            {
                code.Line(FixedWrite(field.Type.Primitive, writer, "items[i]"));
            }
            else
            {
                var element = field with { Type = field.Type.Element, Nullable = VersionRange.None };
                Branch(element, Layout.Of(element, message), layout => code.Line(Write(element, layout, writer, "items[i]")));
            }
        }
    }

    private void Branch(FieldDefinition field, IReadOnlyList<Layout> layouts, Action<Layout> write)
    {
        for (var i = 0; i < layouts.Count; i++)
        {
            var isLast = layouts[i].Versions.First == field.Versions.First;
            var opening = isLast ? (layouts.Count == 1 ? null : "else") : $"{(i == 0 ? "" : "else ")}if (version >= {layouts[i].Versions.First})";
            using (opening is null ? null : code.Open(opening))
            {
                write(layouts[i]);
            }
        }
    }

    private string Write(FieldDefinition field, Layout layout, string writer, string value)
    {
        var compact = layout.Flexible ? "Compact" : "";
        if (field.Type.Primitive == Primitive.Records)
        {
            return $"{writer}.Write{compact}Records({Present(field, layout, value)});";
        }

        var variant = compact + (layout.Nullable ? "Nullable" : "") + (field.Type.Primitive == Primitive.String ? "String" : "Bytes");
        var label = field.Type.Primitive == Primitive.String && !layout.Flexible ? $", {Label(field)}" : "";
        return $"{writer}.Write{variant}({Present(field, layout, value)}{label});";
    }

    private string Present(FieldDefinition field, Layout layout, string value) =>
        layout.Nullable || field.Nullable.IsEmpty ? value : $"{value} ?? throw {NullWritten(field)}";

    private string NullWritten(FieldDefinition field) =>
        $"global::SchemaStream.Protocol.ProtocolException.NullWritten({Label(field)}, version)";

    private static string FixedWrite(Primitive primitive, string writer, string value) =>
        primitive == Primitive.Error ? $"{writer}.WriteInt16((short){value});" : $"{writer}.Write{primitive}({value});";

    private string Label(FieldDefinition field) => $"\"{owner.Name}.{field.Name}\"";
}

using SchemaStream.Protocol.Generator.Notation;

namespace SchemaStream.Protocol.Generator.Emit;

/// <summary>Writes the body of <c>Reset</c>: every field as a new instance has it, structs and lists kept.</summary>
internal sealed class ResetEmitter(CodeText code, StructDefinition owner, bool isMessage)
{
    /// <summary>How the body calls the message that keeps the spares.</summary>
    private readonly string _keeper = isMessage ? "this" : "message";

    public void Body()
    {
        foreach (var field in owner.Fields)
        {
            if (field.Type is { IsArray: true, IsStruct: true })
            {
                StructList(field);
            }
            else if (field.Type.IsArray)
            {
                List(field);
            }
            else if (field.Type.IsStruct)
            {
                Struct(field);
            }
            else
            {
                var initial = CSharpType.StartsAsNull(field) ? "null" : CSharpType.Initializer(field) ?? "default";
                code.Line($"{field.Name} = {initial};");
            }
        }
    }

    private void StructList(FieldDefinition field)
    {
        var keep = CSharpType.StartsAsNull(field) ? "KeepList" : "Keep";
        code.Line($"{Reuse.SpareParts}.{keep}(ref {SparesField(field)}, ref {Reuse.BackingField(field)}, {_keeper});");
        StartAgain(field);
    }

    private void List(FieldDefinition field)
    {
        var kept = CSharpType.StartsAsNull(field) ? "null" : $"{Reuse.MessageList}.Emptied({Reuse.BackingField(field)})";
        code.Line($"{Reuse.BackingField(field)} = {kept};");
        StartAgain(field);
    }

    private void Struct(FieldDefinition field)
    {
        var name = Reuse.BackingField(field);
        if (CSharpType.IsLazy(field))
        {
            code.Line($"{name}?.Reset({_keeper});");
            return;
        }

        code.Line($"{Reuse.SpareParts}.Keep(ref {SparesField(field)}, {name}, {_keeper});");
        code.Line($"{name} = null;");
        StartAgain(field);
    }

    /// <summary>A field that may be null and yet does not start so.</summary>
    private void StartAgain(FieldDefinition field)
    {
        if (!CSharpType.StartsAsNull(field) && !CSharpType.IsLazy(field))
        {
            code.Line($"{Reuse.BackingField(field)} ??= new();");
        }
    }

    private string SparesField(FieldDefinition field) =>
        (isMessage ? "" : "message.") + Reuse.SparesField(field.Type.Struct!);
}

using SchemaStream.Generators.Shapes;

namespace SchemaStream.Generators.Emit;

/// <summary>Writes the methods that decode data of another schema: each field where the plan says that it comes.</summary>
internal sealed class PlannedEmitter(ContractModel model, CodeWriter code)
{
    /// <summary>The override that decodes the root.</summary>
    public void Root()
    {
        code.Line();
        code.Line($"public override {model.Root.Code} Read(ref C.AvroReader reader, C.AvroPlan plan) => {Value(model.Root, "plan")};");
    }

    /// <summary>The methods of a record, and the struct in which its values wait for each other.</summary>
    public void Record(RecordShape record)
    {
        var number = model.NumberOf(record);
        code.Line();
        code.Open($"private struct Fields{number}");
        for (var i = 0; i < record.Members.Count; i++)
        {
            code.Line($"public {record.Members[i].Use.Code} V{i};");
        }

        code.Close();
        code.Line();
        code.Open($"private static {record.Code} Plan{number}(ref C.AvroReader reader, C.AvroPlan plan)");
        code.Line($"var fields = default(Fields{number});");
        code.Line("var mark = 0;");
        Depth(record, "reader.Enter();");
        code.Open("foreach (var step in plan.Steps)");
        code.Open("if (step.IsDefault)");
        code.Line("var source = step.OpenDefault();");
        code.Line($"Step{number}(ref source, step, ref fields);");
        code.Line("continue;");
        code.Close();
        code.Line();
        code.Open("if (step.IsAgain)");
        code.Line("reader.Rewind(mark);");
        code.Close();
        code.Line();
        code.Line("mark = reader.Position;");
        code.Line($"Step{number}(ref reader, step, ref fields);");
        code.Close();
        code.Line();
        Depth(record, "reader.Leave();");
        code.Line($"return {DecoderEmitter.Construct(record, i => $"fields.V{i}")};");
        code.Close();
        Step(record, number);
    }

    /// <summary>The method of a value that has parts or may be null, and the struct that decodes it as an item.</summary>
    public void Use(int number, ShapeUse use, bool isNullFirst)
    {
        code.Line();
        code.Open($"private static {use.Code} PlanUse{number}(ref C.AvroReader reader, C.AvroPlan plan)");
        code.Line("plan = plan.Follow(ref reader);");
        if (use.IsNullable)
        {
            code.Open("if (plan.IsNull)");
            code.Line("return null;");
            code.Close();
            code.Line();
        }

        if (use.Shape is UnionShape union)
        {
            code.Line("var branch = plan.ReaderBranch;");
            code.Line("plan = plan.InBranch();");
            var choices = union.Branches.Select(branch => $"({union.Code})({NotNull(branch)})").ToList();
            code.Line($"return {DecoderEmitter.OneOf(use.IsNullable && isNullFirst ? "(branch - 1)" : "branch", choices)};");
        }
        else
        {
            code.Line("plan = plan.InBranch();");
            code.Line($"return {NotNull(use.Shape)};");
        }

        code.Close();
        code.Line();
        code.Open($"private readonly struct PlanItem{number}(C.AvroPlan plan) : C.IItemReader<{use.Code}>");
        code.Line($"public {use.Code} Read(ref C.AvroReader reader) => PlanUse{number}(ref reader, plan);");
        code.Close();
    }

    private void Step(RecordShape record, int number)
    {
        code.Line();
        code.Open($"private static void Step{number}(ref C.AvroReader reader, C.AvroPlanStep step, ref Fields{number} fields)");
        code.Open("switch (step.Field)");
        for (var i = 0; i < record.Members.Count; i++)
        {
            code.Line($"case {i}:");
            code.Line($"    fields.V{i} = {Value(record.Members[i].Use, "step.Plan", model.IsNullFirst(record.Members[i]))};");
            code.Line("    break;");
        }

        code.Line("default:");
        code.Line("    step.Skip(ref reader);");
        code.Line("    break;");
        code.Close();
        code.Close();
    }

    private void Depth(RecordShape record, string call)
    {
        if (model.IsRecursive(record))
        {
            code.Line(call);
        }
    }

    private string Value(ShapeUse use, string plan, bool isNullFirst = true) => use is { IsNullable: false, Shape: ScalarShape scalar }
        ? ScalarCode.ReadPlanned(scalar, plan)
        : $"PlanUse{model.Planned.NumberOf(use, isNullFirst: isNullFirst)}(ref reader, {plan})";

    private string NotNull(Shape shape) => shape switch
    {
        ScalarShape scalar => ScalarCode.ReadPlanned(scalar, "plan"),
        EnumShape symbols => DecoderEmitter.Symbol(symbols, "plan.ReadSymbol(ref reader)"),
        SequenceShape sequence => CollectionCode.Read(sequence, Item(sequence.Item), Arguments(sequence.Item)),
        DictionaryShape dictionary => CollectionCode.Read(dictionary, Item(dictionary.Value), Arguments(dictionary.Value)),
        _ => $"Plan{model.NumberOf((RecordShape)shape)}(ref reader, plan)",
    };

    private string Item(ShapeUse use) => "PlanItem" + model.Planned.NumberOf(use);

    private string Arguments(ShapeUse use) => $"ref reader, new {Item(use)}(plan.Items), plan.MinItemBytes";
}

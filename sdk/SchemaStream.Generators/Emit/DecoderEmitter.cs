using SchemaStream.Avro.Codec;
using SchemaStream.Generators.Shapes;

namespace SchemaStream.Generators.Emit;

/// <summary>Writes the methods that decode data of the type's own schema: straight lines, one method per record.</summary>
internal sealed class DecoderEmitter(ContractModel model, CodeWriter code)
{
    /// <summary>The override that decodes the root.</summary>
    public void Root()
    {
        code.Line();
        code.Line($"public override {model.Root.Code} Read(ref C.AvroReader reader) => {Value(model.Root, true)};");
    }

    /// <summary>The method of a record.</summary>
    public void Record(RecordShape record)
    {
        code.Line();
        code.Open($"private static {record.Code} Read{model.NumberOf(record)}(ref C.AvroReader reader)");
        var isRecursive = model.IsRecursive(record);
        if (isRecursive)
        {
            code.Line("reader.Enter();");
        }

        for (var i = 0; i < record.Members.Count; i++)
        {
            var member = record.Members[i];
            code.Line($"var v{i} = {Value(member.Use, model.IsNullFirst(member))};");
        }

        if (isRecursive)
        {
            code.Line("reader.Leave();");
        }

        code.Line($"return {Construct(record, i => $"v{i}")};");
        code.Close();
    }

    /// <summary>The struct that decodes a collection's items.</summary>
    public void Item(int number, ShapeUse use)
    {
        code.Line();
        code.Open($"private readonly struct ReadItem{number} : C.IItemReader<{use.Code}>");
        code.Line("[global::System.Runtime.CompilerServices.MethodImpl(global::System.Runtime.CompilerServices.MethodImplOptions.AggressiveInlining)]");
        code.Line($"public {use.Code} Read(ref C.AvroReader reader) => {Value(use, isNullFirst: true)};");
        code.Close();
    }

    /// <summary>The expression that makes a record of its members' values.</summary>
    public static string Construct(RecordShape record, Func<int, string> value)
    {
        var places = record.Members.Select((member, index) => (member, index)).ToDictionary(pair => pair.member, pair => pair.index);
        var arguments = record.Taken.Select(taken => value(places[taken.Member]));
        var taken = new HashSet<MemberShape>(record.Taken.Select(pair => pair.Member));
        var rest = record.Members.Where(member => !taken.Contains(member))
            .Select(member => $"@{member.Member.Name} = {value(places[member])}").ToList();
        return $"new {record.Code}({string.Join(", ", arguments)})" + (rest.Count == 0 ? "" : $" {{ {string.Join(", ", rest)} }}");
    }

    private string Value(ShapeUse use, bool isNullFirst)
    {
        if (use.Shape is UnionShape union)
        {
            var branches = union.Branches.Select(branch => $"({union.Code})({NotNull(branch)})").ToList();
            if (use.IsNullable)
            {
                branches.Insert(isNullFirst ? 0 : branches.Count, $"({union.Code})null");
            }

            return OneOf($"reader.ReadBranch({branches.Count})", branches);
        }

        var value = NotNull(use.Shape);
        return use.IsNullable
            ? $"reader.ReadBranch(2) == {(isNullFirst ? 0 : 1)} ? ({use.Code})null : ({use.Code})({value})"
            : value;
    }

    private string NotNull(Shape shape) => shape switch
    {
        ScalarShape scalar => ScalarCode.Read(scalar),
        EnumShape symbols => Symbol(symbols, $"reader.ReadSymbol({symbols.Symbols.Count})"),
        SequenceShape sequence => CollectionCode.Read(
            sequence, ItemReader(sequence.Item), $"ref reader, default, {SchemaSizes.MinBytes(model.SchemaOf(sequence.Item))}"),
        DictionaryShape dictionary => CollectionCode.Read(
            dictionary, ItemReader(dictionary.Value), $"ref reader, default, {SchemaSizes.MinBytes(model.SchemaOf(dictionary.Value))}"),
        _ => $"Read{model.NumberOf((RecordShape)shape)}(ref reader)",
    };

    /// <summary>What a number chooses; the last for every other number, which the number's reader has refused.</summary>
    public static string OneOf(string number, IReadOnlyList<string> choices)
    {
        var cases = choices.Select((choice, index) => (index == choices.Count - 1 ? "_" : index.ToString()) + " => " + choice);
        return $"{number} switch {{ {string.Join(", ", cases)} }}";
    }

    /// <summary>The value of a symbol's number.</summary>
    public static string Symbol(EnumShape shape, string ordinal)
    {
        if (shape.IsDense)
        {
            return $"({shape.Code}){ordinal}";
        }

        var cases = shape.Symbols.Select((symbol, index) => $"{index} => {shape.Code}.@{symbol.Field}, ");
        return $"{ordinal} switch {{ {string.Concat(cases)}_ => default }}";
    }

    private string ItemReader(ShapeUse use) => EncoderEmitter.Simple(use) is { } simple
        ? $"C.{simple}ItemReader"
        : "ReadItem" + model.Read.NumberOf(use);
}

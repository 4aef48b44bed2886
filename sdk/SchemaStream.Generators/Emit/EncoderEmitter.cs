using SchemaStream.Generators.Shapes;
using static SchemaStream.Generators.Emit.CodeWriter;

namespace SchemaStream.Generators.Emit;

/// <summary>Writes the methods that encode: one per record, one room check for a run of fields whose size is bounded.</summary>
internal sealed class EncoderEmitter(ContractModel model, CodeWriter code)
{
    private int _locals;

    /// <summary>The override that encodes the root.</summary>
    public void Root()
    {
        code.Open($"public override int Write({model.Root.Code} value, ref byte start, int position, int length, int depth)");
        Require(Room(model.Root));
        Value(model.Root, true, "value", Literal(SymbolNames.Readable(model.Root.Shape.Type)), "depth");
        code.Line("return position;");
        code.Close();
    }

    /// <summary>The method of a record.</summary>
    public void Record(RecordShape record)
    {
        _locals = 0;
        code.Line();
        code.Open(
            $"private static int Write{model.NumberOf(record)}({record.Code} value, ref byte start, int position, int length, int depth)");
        if (model.IsRecursive(record))
        {
            code.Line($"W.CheckDepth(depth, {Literal(SymbolNames.Readable(record.Type))});");
        }

        var left = 0;
        for (var i = 0; i < record.Members.Count; i++)
        {
            // One check for a run of fields, not one per field.
            var member = record.Members[i];
            if (left == 0)
            {
                var run = record.Members.Skip(i).TakeWhile(next => Room(next.Use) > 0).ToList();
                Require(run.Sum(next => Room(next.Use)));
                left = run.Count;
            }

            Value(member.Use, model.IsNullFirst(member), $"value.@{member.Member.Name}", Literal($"{record.Name}.{member.Member.Name}"), "depth + 1");
            left = Math.Max(0, left - 1);
        }

        code.Line("return position;");
        code.Close();
    }

    /// <summary>The struct that encodes a collection's items.</summary>
    public void Item(int number, ShapeUse use, string path)
    {
        _locals = 0;
        code.Line();
        code.Open($"private readonly struct WriteItem{number} : C.IItemWriter<{use.Code}>");
        code.Line("[global::System.Runtime.CompilerServices.MethodImpl(global::System.Runtime.CompilerServices.MethodImplOptions.AggressiveInlining)]");
        code.Open($"public int Write({use.Code} value, ref byte start, int position, int length, int depth)");
        Require(Room(use));
        Value(use, isNullFirst: true, "value", path, "depth");
        code.Line("return position;");
        code.Close();
        code.Close();
    }

    private void Value(ShapeUse use, bool isNullFirst, string value, string path, string depth)
    {
        if (use.Shape is UnionShape union)
        {
            OneOf(union, use.IsNullable, isNullFirst, value, path, depth);
            return;
        }

        if (!use.IsNullable)
        {
            NotNull(use.Shape, value, path, depth);
            return;
        }

        var (none, some) = isNullFirst ? (0, 2) : (2, 0);
        if (use.Shape is ScalarShape { Kind: ScalarKind.String })
        {
            code.Line($"position = W.WriteNullableString(ref start, position, length, {value}, {none}, {some}, {path});");
            StopIfFull();
            return;
        }

        if (Room(use) < 0)
        {
            // Neither branch's room was made sure of: the number of the branch needs some.
            Require(ScalarCode.RoomOfInt);
        }

        var kept = Keep(value);
        code.Open($"if ({kept} is null)");
        code.Line($"position = W.WriteByte(ref start, position, {none});");
        code.Close();
        code.Open("else");
        code.Line($"position = W.WriteByte(ref start, position, {some});");
        NotNull(use.Shape, use.Shape.Type.IsValueType ? kept + ".GetValueOrDefault()" : kept, path, depth);
        code.Close();
    }

    private void NotNull(Shape shape, string value, string path, string depth)
    {
        switch (shape)
        {
            case ScalarShape scalar:
                code.Line($"position = {ScalarCode.Write(scalar, value, path)};");
                if (ScalarCode.Room(scalar) < 0)
                {
                    StopIfFull();
                }

                break;
            case EnumShape symbols:
                Symbol(symbols, value, path);
                break;
            case SequenceShape sequence:
                code.Line(
                    $"position = Items.{CollectionCode.WriteMethod(sequence)}<{sequence.Item.Code}, {ItemWriter(sequence.Item, path)}>({NeverNull(shape, value, path)}, "
                    + $"{ItemWriterValue(sequence.Item, path)}, ref start, position, length, {depth});");
                StopIfFull();
                break;
            case DictionaryShape dictionary:
                code.Line(
                    $"position = Items.{CollectionCode.WriteMethod(dictionary)}<{dictionary.Value.Code}, {ItemWriter(dictionary.Value, path)}>({NeverNull(shape, value, path)}, "
                    + $"{ItemWriterValue(dictionary.Value, path)}, ref start, position, length, {depth}, {path});");
                StopIfFull();
                break;
            default:
                code.Line(
                    $"position = Write{model.NumberOf((RecordShape)shape)}({NeverNull(shape, value, path)}, ref start, position, length, {depth});");
                StopIfFull();
                break;
        }
    }

    /// <summary>A base class or interface: what its value is decides, exactly, as the members of a type further derived would be lost.</summary>
    private void OneOf(UnionShape union, bool isNullable, bool isNullFirst, string value, string path, string depth)
    {
        var kept = Keep(value);
        code.Open($"if ({kept} is null)");
        if (isNullable)
        {
            Require(ScalarCode.RoomOfInt);
            Branch(isNullFirst ? 0 : union.Branches.Count);
        }
        else
        {
            code.Line($"W.ThrowNull({path});");
        }

        code.Close();
        for (var i = 0; i < union.Branches.Count; i++)
        {
            var branch = union.Branches[i];
            code.Open($"else if ({kept}.GetType() == typeof({branch.Code}))");
            Require(ScalarCode.RoomOfInt + Math.Max(0, Room(new ShapeUse(branch, false))));
            Branch(isNullable && isNullFirst ? i + 1 : i);
            NotNull(branch, $"(({branch.Code}){kept})", path, depth);
            code.Close();
        }

        code.Open("else");
        code.Line($"W.ThrowNoBranch({path}, {kept});");
        code.Close();
    }

    private void Branch(int index) => code.Line($"position = W.WriteInt(ref start, position, {index});");

    private void Symbol(EnumShape shape, string value, string path)
    {
        var kept = Keep(value);
        var unknown = $"W.ThrowUnknownSymbol({path}, {kept}.ToString())";
        if (shape.IsDense)
        {
            var wide = shape.IsSigned ? $"(ulong)(long){kept}" : $"(ulong){kept}";
            code.Line(
                $"position = W.WriteInt(ref start, position, unchecked({wide}) < {shape.Symbols.Count} ? (int){kept} : {unknown});");
            return;
        }

        var cases = shape.Symbols.Select((symbol, index) => $"{shape.Code}.@{symbol.Field} => {index}, ");
        code.Line($"position = W.WriteInt(ref start, position, {kept} switch {{ {string.Concat(cases)}_ => {unknown} }});");
    }

    private string ItemWriter(ShapeUse use, string path) => Simple(use) is { } simple
        ? $"C.{simple}ItemWriter"
        : "WriteItem" + model.Written.NumberOf(use, ItemPath(path));

    private static string ItemWriterValue(ShapeUse use, string path) =>
        Simple(use) == "String" ? $"new C.StringItemWriter({ItemPath(path)})" : "default";

    /// <summary>Items for which the runtime library has a writer and a reader.</summary>
    public static string? Simple(ShapeUse use) => use is { IsNullable: false, Shape: ScalarShape scalar }
        ? scalar.Kind switch
        {
            ScalarKind.Int32 => "Int",
            ScalarKind.Int64 => "Long",
            ScalarKind.Double => "Double",
            ScalarKind.String => "String",
            _ => null,
        }
        : null;

    private static string ItemPath(string path) => path.Substring(0, path.Length - 1) + "[]\"";

    private static int Room(ShapeUse use)
    {
        var inner = use.Shape switch
        {
            ScalarShape scalar => ScalarCode.Room(scalar),
            EnumShape => ScalarCode.RoomOfInt,
            _ => -1,
        };
        return use.IsNullable && inner > 0 ? inner + ScalarCode.RoomOfInt : inner;
    }

    private string NeverNull(Shape shape, string value, string path)
    {
        if (shape.Type.IsValueType)
        {
            return value;
        }

        var kept = Keep(value);
        code.Open($"if ({kept} is null)");
        code.Line($"W.ThrowNull({path});");
        code.Close();
        return kept;
    }

    /// <summary>A value that is looked at twice, taken once: a property may compute it.</summary>
    private string Keep(string value)
    {
        if (!value.Contains('.'))
        {
            return value;
        }

        var local = $"v{_locals++}";
        code.Line($"var {local} = {value};");
        return local;
    }

    private void Require(int bytes)
    {
        if (bytes > 0)
        {
            code.Open($"if (length - position < {bytes})");
            code.Line("return W.Full;");
            code.Close();
        }
    }

    private void StopIfFull()
    {
        code.Open("if (position < 0)");
        code.Line("return W.Full;");
        code.Close();
    }
}

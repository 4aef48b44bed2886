using System.Diagnostics.CodeAnalysis;
using System.Linq.Expressions;
using SchemaStream.Avro.Compatibility;
using SchemaStream.Avro.Derivation;
using SchemaStream.Avro.Schemas;
using static System.Linq.Expressions.Expression;

namespace SchemaStream.Avro.Codec;

/// <summary>
/// Compiles the decoder of a C# type for data of a writer's schema, as the reader's schema wants it: every decision of
/// schema resolution is taken here, none is left for the data but the branch of a union.
/// </summary>
[RequiresUnreferencedCode(AvroReflection.Trimming)]
[RequiresDynamicCode(AvroReflection.DynamicCode)]
internal sealed partial class DecoderCompiler
{
    private readonly Dictionary<CellKey, CodecCell> _cells = [];
    private readonly List<CellKey> _order = [];

    /// <summary>Why the last pair that did not resolve did not.</summary>
    private string _problem = "";

    private readonly record struct CellKey(AvroSchema Writer, AvroSchema Reader, ShapeUse Use);

    public static AvroDecode<T> Compile<T>(AvroSchema writer, AvroSchema reader, ShapeUse use)
    {
        var compiler = new DecoderCompiler();
        if (compiler.Cell(writer, reader, use) is not DecodeCell<T> cell)
        {
            throw Unreadable(writer, reader, use, compiler._problem);
        }

        foreach (var each in compiler._cells.Values)
        {
            each.Compile();
        }

        return cell.Decode;
    }

    private static AvroSchemaException Unreadable(AvroSchema writer, AvroSchema reader, ShapeUse use, string problem)
    {
        var violations = AvroCompatibility.Check(reader, writer);
        var details = violations.Count == 0
            ? problem
            : string.Join("; ", violations.Select(violation => $"{violation.Kind} at {violation.Path}: {violation.Message}"));
        return new AvroSchemaException(
            $"Data of {writer.FullName} cannot be read as {TypeNames.Readable(use.Type)}: {details}.");
    }

    private CodecCell? Cell(AvroSchema writer, AvroSchema reader, ShapeUse use)
    {
        var key = new CellKey(writer, reader, use);
        if (_cells.TryGetValue(key, out var known))
        {
            known.IsRecursive |= known.IsBuilding;
            return known;
        }

        var cell = (CodecCell)Activator.CreateInstance(typeof(DecodeCell<>).MakeGenericType(use.Type))!;
        var before = _order.Count;
        _cells.Add(key, cell);
        _order.Add(key);
        var method = new DecodeMethod();
        var body = Value(writer, reader, use, method, isRoot: true);
        if (body is null)
        {
            // What was built on it goes with it: a union may have a branch that does resolve.
            foreach (var built in _order.Skip(before))
            {
                _cells.Remove(built);
            }

            _order.RemoveRange(before, _order.Count - before);
            return null;
        }

        cell.Code = method.Build(cell, body);
        cell.IsBuilding = false;
        return cell;
    }

    /// <summary>The expression that reads a value in a place; null when the schemas do not resolve.</summary>
    private Expression? Value(AvroSchema writer, AvroSchema reader, ShapeUse use, DecodeMethod method, bool isRoot = false)
    {
        if (writer is AvroUnionSchema writers)
        {
            return WriterUnion(writers, reader, use, method);
        }

        if (reader is AvroUnionSchema readers)
        {
            return ReaderUnion(writer, readers, use, method);
        }

        if (writer.Kind == AvroSchemaKind.Null && reader.Kind == AvroSchemaKind.Null)
        {
            return use.IsNullable ? Default(use.Type) : Fault($"a {TypeNames.Readable(use.Type)} cannot be null");
        }

        if (use.Type == typeof(AvroRecord) && reader is not AvroRecordSchema)
        {
            return Fault($"an {nameof(AvroRecord)} cannot hold the schema's {Describe(reader)}");
        }

        var value = use.Shape is DynamicShape
            ? DynamicValue(writer, reader, method, isRoot)
            : NotNull(writer, reader, use.Shape, method, isRoot);
        return value is null || value.Type == use.Type ? value : Convert(value, use.Type);
    }

    private Expression? WriterUnion(AvroUnionSchema writers, AvroSchema reader, ShapeUse use, DecodeMethod method)
    {
        var cases = new List<Expression>();
        var readable = 0;
        foreach (var branch in writers.Branches)
        {
            var value = Value(branch, reader, use, method);
            readable += value is null ? 0 : 1;

            // Only data of that branch is a fault, and only when it comes.
            cases.Add(value ?? Call(
                typeof(DecodeFaults), nameof(DecodeFaults.ThrowUnreadableBranch), [use.Type], Constant(branch.FullName), Constant(_problem)));
        }

        if (readable == 0)
        {
            return writers.Branches.Count == 0 ? Fault("the writer's union has no branches") : null;
        }

        var index = method.Call(nameof(AvroReader.ReadBranch), Constant(cases.Count));
        return cases.Count switch
        {
            1 => Block(index, cases[0]),
            2 => Condition(Equal(index, Constant(0)), cases[0], cases[1]),
            _ => Switch(index, cases[^1], [.. cases.SkipLast(1).Select((body, i) => SwitchCase(body, Constant(i)))]),
        };
    }

    private Expression? ReaderUnion(AvroSchema writer, AvroUnionSchema readers, ShapeUse use, DecodeMethod method)
    {
        foreach (var branch in readers.Branches.OrderBy(branch => Distance(branch, writer)))
        {
            if (Distance(branch, writer) < NoWay && Value(writer, branch, use, method) is { } value)
            {
                return value;
            }
        }

        return Fault($"no branch of the reader's union reads the writer's {writer.FullName}");
    }

    private const int NoWay = 3;

    /// <summary>The very type first, then one of its simple name or alias, then a promotion.</summary>
    private static int Distance(AvroSchema reader, AvroSchema writer)
    {
        if (reader.Kind == writer.Kind)
        {
            return reader.FullName == writer.FullName ? 0
                : reader is AvroNamedSchema named && SchemaMatching.NamesMatch(named, (AvroNamedSchema)writer) ? 1
                : NoWay;
        }

        return SchemaMatching.IsPromoted(reader.Kind, writer.Kind) ? 2 : NoWay;
    }

    private Expression? NotNull(AvroSchema writer, AvroSchema reader, TypeShape shape, DecodeMethod method, bool isRoot)
    {
        switch (writer, reader, shape)
        {
            case (AvroFixedSchema w, AvroFixedSchema r, ScalarShape scalar):
                return w.Size == r.Size && SchemaMatching.NamesMatch(r, w)
                    ? ScalarDecoding.Find(w, r, scalar, method.Reader) ?? Mismatch(writer, reader, shape)
                    : Mismatch(writer, reader, shape);
            case (_, _, UnionShape union):
                return OneOf(writer, reader, union, method);
            case (_, _, ScalarShape scalar):
                return ScalarDecoding.Find(writer, reader, scalar, method.Reader) ?? Mismatch(writer, reader, shape);
            case (AvroEnumSchema w, AvroEnumSchema r, EnumShape symbols) when SchemaMatching.NamesMatch(r, w):
                return Symbol(w, r, symbols.Symbols.ToDictionary(symbol => symbol.Symbol, symbol => symbol.Value), shape.Type, method);
            case (AvroArraySchema w, AvroArraySchema r, SequenceShape sequence):
                return Sequence(w, r, sequence, method);
            case (AvroMapSchema w, AvroMapSchema r, DictionaryShape dictionary):
                return Dictionary(w, r, dictionary, method);
            case (AvroRecordSchema w, AvroRecordSchema r, RecordShape record) when SchemaMatching.NamesMatch(r, w):
                return isRoot ? Record(w, r, record, method) : Inner(w, r, new ShapeUse(shape, false, shape.Type), method);
            default:
                return Mismatch(writer, reader, shape);
        }
    }

    private Expression? OneOf(AvroSchema writer, AvroSchema reader, UnionShape shape, DecodeMethod method)
    {
        foreach (var branch in shape.Branches)
        {
            if (reader is AvroNamedSchema named && branch is RecordShape or EnumShape
                && TypeNames.Of(branch.Type).Name != named.Name.Name)
            {
                continue;
            }

            if (NotNull(writer, reader, branch, method, isRoot: false) is { } value)
            {
                return Convert(value, shape.Type);
            }
        }

        return Mismatch(writer, reader, shape);
    }

    /// <summary>A value that has a method of its own.</summary>
    private InvocationExpression? Inner(AvroSchema writer, AvroSchema reader, ShapeUse use, DecodeMethod method) =>
        Cell(writer, reader, use) is { } cell
            ? Invoke(Field(Constant(cell), nameof(DecodeCell<int>.Decode)), method.Reader)
            : null;

    private static MethodCallExpression Symbol(
        AvroEnumSchema writer, AvroEnumSchema reader, Dictionary<string, object> known, Type type, DecodeMethod method)
    {
        var values = Array.CreateInstance(type, writer.Symbols.Count);
        var isKnown = new bool[writer.Symbols.Count];
        for (var i = 0; i < writer.Symbols.Count; i++)
        {
            var symbol = reader.OrdinalOf(writer.Symbols[i]) >= 0 ? writer.Symbols[i] : reader.Default;
            if (symbol is not null && known.TryGetValue(symbol, out var value))
            {
                values.SetValue(value, i);
                isKnown[i] = true;
            }
        }

        var table = typeof(EnumReader<>).MakeGenericType(type)
            .GetConstructors()[0].Invoke([reader.FullName, writer.Symbols, values, isKnown]);
        return Expression.Call(Constant(table), nameof(EnumReader<int>.Read), null, method.Reader);
    }

    private Expression? Mismatch(AvroSchema writer, AvroSchema reader, TypeShape shape) => Fault(
        writer.Kind == reader.Kind && writer.FullName == reader.FullName
            ? $"a {TypeNames.Readable(shape.Type)} cannot hold the schema's {Describe(reader)}"
            : $"the reader's {Describe(reader)} does not read the writer's {Describe(writer)}");

    private Expression? Fault(string problem)
    {
        _problem = problem;
        return null;
    }

    private static string Describe(AvroSchema schema) =>
        schema.LogicalType is { } logical ? $"{schema.FullName} ({logical.Kind})" : schema.FullName;
}

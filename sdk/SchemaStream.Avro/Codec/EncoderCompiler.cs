using System.Diagnostics.CodeAnalysis;
using System.Linq.Expressions;
using System.Reflection;
using SchemaStream.Avro.Derivation;
using SchemaStream.Avro.Schemas;
using static System.Linq.Expressions.Expression;

namespace SchemaStream.Avro.Codec;

/// <summary>Compiles the encoder of a C# type for a schema: one method per record type and per kind of item.</summary>
[RequiresUnreferencedCode(AvroReflection.Trimming)]
[RequiresDynamicCode(AvroReflection.DynamicCode)]
internal sealed partial class EncoderCompiler
{
    /// <summary>The null branch and the others are one byte up to this number of the branch.</summary>
    private const int MaxOneByteBranch = 63;

    private readonly Dictionary<(AvroSchema Schema, ShapeUse Use, bool IsOfItems), CodecCell> _cells = [];

    public static AvroEncode<T> Compile<T>(AvroSchema schema, ShapeUse use)
    {
        var compiler = new EncoderCompiler();
        var cell = (EncodeCell<T>)compiler.Cell(schema, use, TypeNames.Readable(use.Shape.Type));
        foreach (var each in compiler._cells.Values)
        {
            each.Compile();
        }

        return cell.Encode;
    }

    private CodecCell Cell(AvroSchema schema, ShapeUse use, string path, bool isOfItems = false)
    {
        if (_cells.TryGetValue((schema, use, isOfItems), out var known))
        {
            known.IsRecursive |= known.IsBuilding;
            return known;
        }

        var type = isOfItems ? typeof(EncodeItemsCell<>) : typeof(EncodeCell<>);
        var cell = (CodecCell)Activator.CreateInstance(type.MakeGenericType(use.Type))!;
        _cells.Add((schema, use, isOfItems), cell);
        var method = new EncodeMethod(use.Type, path, isOfItems);
        Value(schema, use, method.Value, path, method);
        cell.Code = method.Build(cell);
        cell.IsBuilding = false;
        return cell;
    }

    /// <summary>Writes a value, and makes sure of the room for it.</summary>
    private void Value(AvroSchema schema, ShapeUse use, Expression value, string path, EncodeMethod method)
    {
        var room = Room(schema, use);
        if (room > 0)
        {
            method.Require(room);
        }

        Checked(schema, use, value, path, method);
    }

    /// <summary>Writes a value whose room is made sure of, if it can be told beforehand.</summary>
    private void Checked(AvroSchema schema, ShapeUse use, Expression value, string path, EncodeMethod method)
    {
        if (use.Shape is DynamicShape)
        {
            method.Assign(Call(
                typeof(DynamicWriter), nameof(DynamicWriter.Write), null,
                Constant(schema), value, method.Start, method.Position, method.Length, method.Depth, Constant(path)));
            method.StopIfFull();
            return;
        }

        if (use.Shape is UnionShape oneOf)
        {
            OneOf(schema, oneOf, use, value, path, method);
            return;
        }

        if (schema is AvroUnionSchema union)
        {
            Union(union, use, value, path, method);
            return;
        }

        if (use.IsNullable)
        {
            var kept = method.Keep(value);
            method.Add(IfThen(IsNull(kept), Call(typeof(AvroWriter), nameof(AvroWriter.ThrowNull), null, Constant(path))));
            value = Unwrap(kept);
        }

        NotNull(schema, use.Shape, value, path, method);
    }

    private void NotNull(AvroSchema schema, TypeShape shape, Expression value, string path, EncodeMethod method)
    {
        switch (schema, shape)
        {
            case (_, ScalarShape scalar) when ScalarEncoding.Find(schema, scalar) is { } encoding:
                Scalar(encoding, scalar.Adapter is { } adapter ? adapter.ToScalar(NeverNull(value, path, method)) : value, path, method);
                break;
            case (AvroEnumSchema symbols, EnumShape enumShape):
                method.Assign(Call(
                    typeof(AvroWriter), nameof(AvroWriter.WriteInt), null,
                    method.Start, method.Position, Ordinal(symbols, enumShape, value, path, method)));
                break;
            case (AvroArraySchema array, SequenceShape sequence):
                Sequence(array, sequence, value, path, method);
                break;
            case (AvroMapSchema map, DictionaryShape dictionary):
                Dictionary(map, dictionary, value, path, method);
                break;
            case (AvroRecordSchema record, RecordShape recordShape):
                if (method.IsRoot(value) || (recordShape.IsSmall && method.TryTakeIn(record.Fields.Count)))
                {
                    Fields(record, recordShape, NeverNull(value, path, method), method);
                }
                else
                {
                    CallCell(Cell(record, new ShapeUse(shape, false, shape.Type), path), NeverNull(value, path, method), method);
                }

                break;
            default:
                throw Mismatch(schema, shape, path);
        }
    }

    private void Fields(AvroRecordSchema schema, RecordShape shape, Expression value, EncodeMethod method)
    {
        var name = shape.Type.Name;
        var plan = Plan(schema, shape);
        MemberMatching.RefuseLostMembers(schema, shape, plan.Select(step => step.Member));
        var isRoomMadeSure = RecordRoom(schema, shape) > 0;
        for (var i = 0; i < plan.Count; i++)
        {
            var (field, member) = plan[i];
            if (member is null)
            {
                DefaultOf(field, $"{name}.{field.Name}", method);
                continue;
            }

            // One check for a run of fields whose size is bounded, not one per field.
            if (!isRoomMadeSure && IsStartOfRun(plan, i))
            {
                method.Require(plan.Skip(i).TakeWhile(step => StepRoom(step) > 0).Sum(StepRoom));
            }

            Checked(field.Schema, member.Use, Access(value, member), $"{name}.{member.Member.Name}", method);
        }
    }

    private static Expression Access(Expression value, MemberShape member) => member.Position is { } position
        ? Call(value, (MethodInfo)member.Member, Constant(position))
        : MakeMemberAccess(value, member.Member);

    private static List<(AvroField Field, MemberShape? Member)> Plan(AvroRecordSchema schema, RecordShape shape) =>
        [.. schema.Fields.Select(field => (field, MemberMatching.Find(shape, field)))];

    private static bool IsStartOfRun(List<(AvroField Field, MemberShape? Member)> plan, int index) =>
        StepRoom(plan[index]) > 0 && (index == 0 || StepRoom(plan[index - 1]) <= 0);

    private static int StepRoom((AvroField Field, MemberShape? Member) step) =>
        step.Member is null ? -1 : Room(step.Field.Schema, step.Member.Use);

    /// <summary>A field that the type does not have gets its default, whose bytes are known now.</summary>
    private static void DefaultOf(AvroField field, string path, EncodeMethod method)
    {
        if (field.Default is null)
        {
            throw new AvroSchemaException($"{path}: the schema's field has no default, and the type no member for it");
        }

        method.Assign(Call(
            typeof(AvroWriter), nameof(AvroWriter.WriteFixedArray), null,
            method.Start, method.Position, method.Length, Constant(DefaultBytes.Of(field)),
            Constant(DefaultBytes.Of(field).Length), Constant(path)));
        method.StopIfFull();
    }

    /// <summary>The most bytes that a value takes; -1 when only the value tells.</summary>
    private static int Room(AvroSchema schema, ShapeUse use)
    {
        if (use.Shape is UnionShape)
        {
            return -1;
        }

        if (schema is AvroUnionSchema union)
        {
            var inner = BranchFor(union.Branches, use.Shape) is { } index ? Room(union.Branches[index], use) : -1;
            return inner < 0 ? -1 : AvroWriter.RoomOfInt + inner;
        }

        return (schema, use.Shape) switch
        {
            (_, ScalarShape scalar) => ScalarEncoding.Find(schema, scalar)?.Room ?? -1,
            (AvroEnumSchema, EnumShape) => AvroWriter.RoomOfInt,
            (AvroRecordSchema record, RecordShape shape) => RecordRoom(record, shape),
            _ => -1,
        };
    }

    /// <summary>The most bytes that a record takes whose fields are written where it stands and are all bounded; else -1.</summary>
    private static int RecordRoom(AvroRecordSchema schema, RecordShape shape)
    {
        if (!shape.IsSmall || schema.Fields.Count == 0)
        {
            return -1;
        }

        var sum = 0;
        foreach (var step in Plan(schema, shape))
        {
            var room = StepRoom(step);
            if (room <= 0)
            {
                return -1;
            }

            sum += room;
        }

        return sum;
    }

    private static void Scalar(ScalarEncoding encoding, Expression value, string path, EncodeMethod method)
    {
        List<Expression> arguments = [method.Start, method.Position];
        if (encoding.Room < 0)
        {
            arguments.Add(method.Length);
        }

        arguments.Add(encoding.Convert(value, path));
        arguments.AddRange(encoding.Arguments.Select(Constant));
        if (encoding.TakesPath)
        {
            arguments.Add(Constant(path));
        }

        method.Assign(Call(typeof(AvroWriter), encoding.Method, null, [.. arguments]));
        if (encoding.Room < 0)
        {
            method.StopIfFull();
        }
    }

    private static void CallCell(CodecCell cell, Expression value, EncodeMethod method)
    {
        method.Assign(Invoke(
            Field(Constant(cell), nameof(EncodeCell<int>.Encode)),
            value, method.Start, method.Position, method.Length, method.NextDepth));
        method.StopIfFull();
    }

    private static Expression NeverNull(Expression value, string path, EncodeMethod method)
    {
        if (value.Type.IsValueType)
        {
            return value;
        }

        var kept = method.Keep(value);
        method.Add(IfThen(IsNull(kept), Call(typeof(AvroWriter), nameof(AvroWriter.ThrowNull), null, Constant(path))));
        return kept;
    }

    private static Expression IsNull(Expression value) =>
        value.Type.IsValueType ? Not(Property(value, "HasValue")) : ReferenceEqual(value, Constant(null));

    private static Expression Unwrap(Expression value) =>
        Nullable.GetUnderlyingType(value.Type) is null ? value : Call(value, "GetValueOrDefault", null);

    private static AvroSchemaException Mismatch(AvroSchema schema, TypeShape shape, string path) =>
        new($"{path}: a {TypeNames.Readable(shape.Type)} cannot be written as the schema's {schema.FullName}"
            + (schema.LogicalType is { } logical ? $" ({logical.Kind})" : ""));
}

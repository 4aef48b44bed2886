using System.Linq.Expressions;
using SchemaStream.Avro.Derivation;
using SchemaStream.Avro.Schemas;
using static System.Linq.Expressions.Expression;

namespace SchemaStream.Avro.Codec;

/// <content>Unions and enums.</content>
internal sealed partial class EncoderCompiler
{
    private void Union(AvroUnionSchema union, ShapeUse use, Expression value, string path, EncodeMethod method)
    {
        var branch = BranchFor(union.Branches, use.Shape) ?? throw Mismatch(union, use.Shape, path);
        if (!use.IsNullable)
        {
            Branch(branch, method);
            NotNull(union.Branches[branch], use.Shape, value, path, method);
            return;
        }

        if (IsShortNullableString(union, branch, use))
        {
            method.Assign(Call(
                typeof(AvroWriter), nameof(AvroWriter.WriteNullableString), null,
                method.Start, method.Position, method.Length, value,
                Constant((byte)(union.NullIndex << 1)), Constant((byte)(branch << 1)), Constant(path)));
            method.StopIfFull();
            return;
        }

        var kept = method.Keep(value);
        var whenNull = method.Nested();
        if (union.NullIndex >= 0)
        {
            Branch(union.NullIndex, whenNull);
        }
        else
        {
            whenNull.Add(Call(typeof(AvroWriter), nameof(AvroWriter.ThrowNull), null, Constant(path)));
        }

        var whenNotNull = method.Nested();
        Branch(branch, whenNotNull);
        NotNull(union.Branches[branch], use.Shape, Unwrap(kept), path, whenNotNull);
        if (Room(union, use) < 0)
        {
            // Neither branch's room was made sure of: the number of the branch needs some.
            method.Require(AvroWriter.RoomOfInt);
        }

        method.Add(IfThenElse(IsNull(kept), whenNull.ToBlock(), whenNotNull.ToBlock()));
    }

    /// <summary>A base class or interface: what its value is decides, exactly, as the members of a type further derived would be lost.</summary>
    private void OneOf(AvroSchema schema, UnionShape shape, ShapeUse use, Expression value, string path, EncodeMethod method)
    {
        var branches = (schema as AvroUnionSchema)?.Branches ?? [schema];
        var kept = method.Keep(value);
        Expression choice = Call(
            typeof(AvroWriter), nameof(AvroWriter.ThrowNoBranch), null, Constant(path), Convert(kept, typeof(object)));
        foreach (var each in shape.Branches.Reverse())
        {
            var index = BranchFor(branches, each) ?? throw Mismatch(schema, each, path);
            var code = method.Nested();
            code.Require(AvroWriter.RoomOfInt + Math.Max(0, Room(branches[index], new ShapeUse(each, false, each.Type))));
            if (schema is AvroUnionSchema)
            {
                Branch(index, code);
            }

            NotNull(branches[index], each, Convert(kept, each.Type), path, code);
            choice = IfThenElse(TypeEqual(kept, each.Type), code.ToBlock(), choice);
        }

        var none = method.Nested();
        if (use.IsNullable && schema is AvroUnionSchema { NullIndex: >= 0 } union)
        {
            none.Require(AvroWriter.RoomOfInt);
            Branch(union.NullIndex, none);
        }
        else
        {
            none.Add(Call(typeof(AvroWriter), nameof(AvroWriter.ThrowNull), null, Constant(path)));
        }

        method.Add(IfThenElse(IsNull(kept), none.ToBlock(), choice));
    }

    private static bool IsShortNullableString(AvroUnionSchema union, int branch, ShapeUse use) =>
        use.Type == typeof(string) && union.Branches[branch].Kind == AvroSchemaKind.String
        && union.NullIndex is >= 0 and <= MaxOneByteBranch && branch <= MaxOneByteBranch;

    private static void Branch(int index, EncodeMethod method) => method.Assign(index <= MaxOneByteBranch
        ? Call(typeof(AvroWriter), nameof(AvroWriter.WriteByte), null, method.Start, method.Position, Constant((byte)(index << 1)))
        : Call(typeof(AvroWriter), nameof(AvroWriter.WriteInt), null, method.Start, method.Position, Constant(index)));

    /// <summary>The first branch that a type can be written as; null when there is none.</summary>
    private static int? BranchFor(IReadOnlyList<AvroSchema> branches, TypeShape shape)
    {
        // Two branches may have one simple name in different namespaces.
        var name = shape is RecordShape or EnumShape ? TypeNames.Of(shape.Type).FullName : null;
        for (var i = 0; i < branches.Count; i++)
        {
            if (branches[i] is AvroNamedSchema named && named.FullName == name)
            {
                return i;
            }
        }

        for (var i = 0; i < branches.Count; i++)
        {
            var fits = (branches[i], shape) switch
            {
                (var branch, ScalarShape scalar) => ScalarEncoding.Find(branch, scalar) is not null,
                (AvroEnumSchema, EnumShape) => true,
                (AvroArraySchema, SequenceShape) => true,
                (AvroMapSchema, DictionaryShape) => true,
                (AvroRecordSchema record, RecordShape) => MemberMatching.IsOf(record, shape.Type),
                _ => false,
            };
            if (fits)
            {
                return i;
            }
        }

        return null;
    }

    private static Expression Ordinal(AvroEnumSchema schema, EnumShape shape, Expression value, string path, EncodeMethod method)
    {
        var ordinals = shape.Symbols.Select(symbol => schema.OrdinalOf(symbol.Symbol)).ToArray();
        var kept = method.Keep(value);
        var unknown = Call(
            typeof(AvroWriter), nameof(AvroWriter.ThrowUnknownSymbol), null, Constant(path), Call(kept, nameof(ToString), null));

        // The usual enum counts from 0 in the order of its symbols: the value is the number.
        var isDense = shape.Symbols.Select((symbol, index) => (Value: System.Convert.ToDecimal(symbol.Value, System.Globalization.CultureInfo.InvariantCulture), index))
            .All(entry => entry.Value == entry.index && ordinals[entry.index] == entry.index);
        if (isDense)
        {
            var number = Expression.Convert(kept, typeof(int));
            return Condition(
                LessThan(Expression.Convert(kept, typeof(ulong)), Constant((ulong)shape.Symbols.Count)), number, unknown);
        }

        var cases = shape.Symbols.Select((symbol, index) => (symbol, Ordinal: ordinals[index]))
            .Where(entry => entry.Ordinal >= 0)
            .Select(entry => SwitchCase(Constant(entry.Ordinal), Constant(Underlying(entry.symbol.Value, shape.Type))))
            .ToArray();
        return cases.Length == 0
            ? unknown
            : Switch(Expression.Convert(kept, Enum.GetUnderlyingType(shape.Type)), unknown, cases);
    }

    private static object Underlying(object value, Type type) =>
        System.Convert.ChangeType(value, Enum.GetUnderlyingType(type), System.Globalization.CultureInfo.InvariantCulture);
}

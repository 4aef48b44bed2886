using System.Collections.Immutable;
using System.Linq.Expressions;
using SchemaStream.Avro.Derivation;
using SchemaStream.Avro.Schemas;
using static System.Linq.Expressions.Expression;

namespace SchemaStream.Avro.Codec;

/// <content>Arrays and maps.</content>
internal sealed partial class EncoderCompiler
{
    private void Sequence(AvroArraySchema schema, SequenceShape shape, Expression value, string path, EncodeMethod method)
    {
        var type = shape.Type;
        var name = type.IsSZArray ? nameof(CollectionWriter.WriteArray)
            : type.GetGenericTypeDefinition() == typeof(List<>) ? nameof(CollectionWriter.WriteList)
            : type.GetGenericTypeDefinition() == typeof(ImmutableArray<>) ? nameof(CollectionWriter.WriteImmutableArray)
            : nameof(CollectionWriter.WriteEnumerable);
        var items = NeverNull(value, path, method);
        var write = SimpleItemWriter(schema.Items, shape.Item, path + "[]") is var (item, itemType)
            ? Call(
                typeof(CollectionWriter), name, [shape.Item.Type, itemType],
                items, item, method.Start, method.Position, method.Length, method.NextDepth)
            : Call(
                typeof(CompiledItems), name, [shape.Item.Type],
                items, Constant(Cell(schema.Items, shape.Item, path + "[]", isOfItems: true)),
                method.Start, method.Position, method.Length, method.NextDepth);
        method.Assign(write);
        method.StopIfFull();
    }

    private void Dictionary(AvroMapSchema schema, DictionaryShape shape, Expression value, string path, EncodeMethod method)
    {
        var (item, itemType) = ItemWriter(schema.Values, shape.Value, path + "[]");
        var name = shape.Type.GetGenericTypeDefinition() == typeof(Dictionary<,>)
            ? nameof(CollectionWriter.WriteDictionary)
            : nameof(CollectionWriter.WriteEntries);
        method.Assign(Call(
            typeof(CollectionWriter), name, [shape.Value.Type, itemType],
            NeverNull(value, path, method), item, method.Start, method.Position, method.Length, method.NextDepth, Constant(path)));
        method.StopIfFull();
    }

    private (Expression Item, Type Type) ItemWriter(AvroSchema schema, ShapeUse use, string path)
    {
        if (SimpleItemWriter(schema, use, path) is { } simple)
        {
            return simple;
        }

        var writer = typeof(CompiledItemWriter<>).MakeGenericType(use.Type);
        var cell = Cell(schema, use, path);
        return (New(writer.GetConstructor([cell.GetType()])!, Constant(cell)), writer);
    }

    private static (Expression Item, Type Type)? SimpleItemWriter(AvroSchema schema, ShapeUse use, string path)
    {
        switch (schema.Kind, use)
        {
            case (AvroSchemaKind.Int, { Type: var type }) when type == typeof(int):
                return (Default(typeof(IntItemWriter)), typeof(IntItemWriter));
            case (AvroSchemaKind.Long, { Type: var type }) when type == typeof(long):
                return (Default(typeof(LongItemWriter)), typeof(LongItemWriter));
            case (AvroSchemaKind.Double, { Type: var type }) when type == typeof(double):
                return (Default(typeof(DoubleItemWriter)), typeof(DoubleItemWriter));
            case (AvroSchemaKind.String, { Type: var type }) when type == typeof(string):
                return (New(typeof(StringItemWriter).GetConstructor([typeof(string)])!, Constant(path)), typeof(StringItemWriter));
            default:
                return null;
        }
    }
}

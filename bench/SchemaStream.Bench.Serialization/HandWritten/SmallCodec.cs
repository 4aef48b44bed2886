using SchemaStream.Bench.Serialization.Cases;
using SchemaStream.Bench.Serialization.Records;

namespace SchemaStream.Bench.Serialization.HandWritten;

internal static class SmallCodec
{
    public static readonly HandWritten<Small> Code = new(Write, Read);

    public static int Write(Small value, Span<byte> output)
    {
        var position = SpanWriter.Text(output, 0, value.Id);
        position = SpanWriter.Long(output, position, value.Sequence);
        position = SpanWriter.Long(output, position, value.Quantity);
        position = SpanWriter.Double(output, position, value.Price);
        return SpanWriter.Text(output, position, value.Customer);
    }

    public static Small Read(ReadOnlySpan<byte> input)
    {
        var position = 0;
        var id = SpanReader.Text(input, ref position);
        var sequence = SpanReader.Long(input, ref position);
        var quantity = (int)SpanReader.Long(input, ref position);
        var price = SpanReader.Double(input, ref position);
        return new Small(id, sequence, quantity, price, SpanReader.Text(input, ref position));
    }
}

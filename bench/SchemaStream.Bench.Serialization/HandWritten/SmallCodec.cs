using SchemaStream.Bench.Serialization.Records;

namespace SchemaStream.Bench.Serialization.HandWritten;

internal static class SmallCodec
{
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

internal static class OrderPlacedCodec
{
    public static int Write(OrderPlaced value, Span<byte> output)
    {
        var position = SpanWriter.Uuid(output, 0, value.OrderId);
        position = SpanWriter.Text(output, position, value.Customer);
        position = SpanWriter.Money(output, position, value.Amount);
        position = SpanWriter.Long(output, position, value.Quantity);
        position = SpanWriter.NullableText(output, position, value.Note);
        return SpanWriter.Instant(output, position, value.PlacedAt);
    }

    public static OrderPlaced Read(ReadOnlySpan<byte> input)
    {
        var position = 0;
        var id = SpanReader.Uuid(input, ref position);
        var customer = SpanReader.Text(input, ref position);
        var amount = SpanReader.Money(input, ref position);
        var quantity = (int)SpanReader.Long(input, ref position);
        var note = SpanReader.NullableText(input, ref position);
        return new OrderPlaced(id, customer, amount, quantity, note, SpanReader.Instant(input, ref position));
    }
}

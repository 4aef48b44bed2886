using Quickstart;
using SchemaStream.Bench.Serialization.Cases;

namespace SchemaStream.Bench.Serialization.HandWritten;

internal static class OrderPlacedCodec
{
    public static readonly HandWritten<OrderPlaced> Code = new(Write, Read);

    public static int Write(OrderPlaced value, Span<byte> output)
    {
        var position = SpanWriter.Uuid(output, 0, value.OrderId);
        position = SpanWriter.Text(output, position, value.Customer);
        position = SpanWriter.Money(output, position, value.Amount);
        position = SpanWriter.Instant(output, position, value.PlacedAt);
        return SpanWriter.NullableText(output, position, value.Coupon);
    }

    public static OrderPlaced Read(ReadOnlySpan<byte> input)
    {
        var position = 0;
        var id = SpanReader.Uuid(input, ref position);
        var customer = SpanReader.Text(input, ref position);
        var amount = SpanReader.Money(input, ref position);
        var placed = SpanReader.Instant(input, ref position);
        return new OrderPlaced(id, customer, amount, placed, SpanReader.NullableText(input, ref position));
    }
}

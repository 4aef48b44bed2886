using SchemaStream.Bench.Serialization.Cases;
using SchemaStream.Bench.Serialization.Records;

namespace SchemaStream.Bench.Serialization.HandWritten;

internal static class OrderCodec
{
    public static readonly HandWritten<Order> Code = new(Write, Read);

    public static int Write(Order value, Span<byte> output)
    {
        var position = SpanWriter.Uuid(output, 0, value.Id);
        position = SpanWriter.Long(output, position, value.Number);
        position = SpanWriter.Long(output, position, (int)value.Status);
        position = SpanWriter.Text(output, position, value.CustomerId);
        position = SpanWriter.Text(output, position, value.CustomerName);
        position = SpanWriter.Text(output, position, value.Email);
        position = SpanWriter.NullableText(output, position, value.Phone);
        position = WriteAddress(value.Shipping, output, position);
        position = WriteAddress(value.Billing, output, position);
        position = WriteLines(value.Lines, output, position);
        position = WriteAttributes(value.Attributes, output, position);
        position = SpanWriter.Money(output, position, value.Subtotal);
        position = SpanWriter.Money(output, position, value.Tax);
        position = SpanWriter.Money(output, position, value.Total);
        position = SpanWriter.Text(output, position, value.Currency);
        position = SpanWriter.Long(output, position, value.Discount is null ? 0 : 1);
        position = value.Discount is { } discount ? SpanWriter.Double(output, position, discount) : position;
        position = SpanWriter.Long(output, position, value.LoyaltyPoints is null ? 0 : 1);
        position = value.LoyaltyPoints is { } points ? SpanWriter.Long(output, position, points) : position;
        position = SpanWriter.NullableText(output, position, value.CouponCode);
        position = SpanWriter.Boolean(output, position, value.IsExpress);
        position = SpanWriter.Boolean(output, position, value.IsGift);
        position = SpanWriter.Float(output, position, value.Rating);
        position = SpanWriter.Instant(output, position, value.PlacedAt);
        position = SpanWriter.Long(output, position, value.ShippedAt is null ? 0 : 1);
        position = value.ShippedAt is { } shipped ? SpanWriter.Instant(output, position, shipped) : position;
        position = SpanWriter.Text(output, position, value.Channel);
        return SpanWriter.Long(output, position, value.Version);
    }

    public static Order Read(ReadOnlySpan<byte> input)
    {
        var position = 0;
        var id = SpanReader.Uuid(input, ref position);
        var number = SpanReader.Long(input, ref position);
        var status = (OrderStatus)SpanReader.Long(input, ref position);
        var customerId = SpanReader.Text(input, ref position);
        var customerName = SpanReader.Text(input, ref position);
        var email = SpanReader.Text(input, ref position);
        var phone = SpanReader.NullableText(input, ref position);
        var shipping = ReadAddress(input, ref position);
        var billing = ReadAddress(input, ref position);
        var lines = ReadLines(input, ref position);
        var attributes = ReadAttributes(input, ref position);
        var subtotal = SpanReader.Money(input, ref position);
        var tax = SpanReader.Money(input, ref position);
        var total = SpanReader.Money(input, ref position);
        var currency = SpanReader.Text(input, ref position);
        double? discount = SpanReader.Long(input, ref position) == 0 ? null : SpanReader.Double(input, ref position);
        int? points = SpanReader.Long(input, ref position) == 0 ? null : (int)SpanReader.Long(input, ref position);
        var coupon = SpanReader.NullableText(input, ref position);
        var isExpress = SpanReader.Boolean(input, ref position);
        var isGift = SpanReader.Boolean(input, ref position);
        var rating = SpanReader.Float(input, ref position);
        var placed = SpanReader.Instant(input, ref position);
        DateTimeOffset? shipped = SpanReader.Long(input, ref position) == 0 ? null : SpanReader.Instant(input, ref position);
        var channel = SpanReader.Text(input, ref position);
        var version = (int)SpanReader.Long(input, ref position);
        return new Order(
            id, number, status, customerId, customerName, email, phone, shipping, billing, lines, attributes, subtotal, tax, total,
            currency, discount, points, coupon, isExpress, isGift, rating, placed, shipped, channel, version);
    }

    private static int WriteAddress(Address value, Span<byte> output, int position)
    {
        position = SpanWriter.Text(output, position, value.Street);
        position = SpanWriter.Text(output, position, value.City);
        position = SpanWriter.Text(output, position, value.PostalCode);
        position = SpanWriter.Text(output, position, value.Country);
        return SpanWriter.NullableText(output, position, value.State);
    }

    private static int WriteLines(List<OrderLine> lines, Span<byte> output, int position)
    {
        if (lines.Count > 0)
        {
            position = SpanWriter.Long(output, position, lines.Count);
            foreach (var line in lines)
            {
                position = SpanWriter.Text(output, position, line.Sku);
                position = SpanWriter.Text(output, position, line.Name);
                position = SpanWriter.Long(output, position, line.Quantity);
                position = SpanWriter.Money(output, position, line.UnitPrice);
                position = SpanWriter.Double(output, position, line.Weight);
                position = SpanWriter.NullableText(output, position, line.Comment);
                position = SpanWriter.Boolean(output, position, line.IsGift);
            }
        }

        output[position] = 0;
        return position + 1;
    }

    private static int WriteAttributes(Dictionary<string, string> attributes, Span<byte> output, int position)
    {
        if (attributes.Count > 0)
        {
            position = SpanWriter.Long(output, position, attributes.Count);
            foreach (var (key, value) in attributes)
            {
                position = SpanWriter.Text(output, position, key);
                position = SpanWriter.Text(output, position, value);
            }
        }

        output[position] = 0;
        return position + 1;
    }

    private static Address ReadAddress(ReadOnlySpan<byte> input, ref int position)
    {
        var street = SpanReader.Text(input, ref position);
        var city = SpanReader.Text(input, ref position);
        var postalCode = SpanReader.Text(input, ref position);
        var country = SpanReader.Text(input, ref position);
        return new Address(street, city, postalCode, country, SpanReader.NullableText(input, ref position));
    }

    private static List<OrderLine> ReadLines(ReadOnlySpan<byte> input, ref int position)
    {
        var lines = new List<OrderLine>();
        for (var count = (int)SpanReader.Long(input, ref position); count > 0; count = (int)SpanReader.Long(input, ref position))
        {
            lines.EnsureCapacity(lines.Count + count);
            for (var i = 0; i < count; i++)
            {
                var sku = SpanReader.Text(input, ref position);
                var name = SpanReader.Text(input, ref position);
                var quantity = (int)SpanReader.Long(input, ref position);
                var price = SpanReader.Money(input, ref position);
                var weight = SpanReader.Double(input, ref position);
                var comment = SpanReader.NullableText(input, ref position);
                lines.Add(new OrderLine(sku, name, quantity, price, weight, comment, SpanReader.Boolean(input, ref position)));
            }
        }

        return lines;
    }

    private static Dictionary<string, string> ReadAttributes(ReadOnlySpan<byte> input, ref int position)
    {
        var count = (int)SpanReader.Long(input, ref position);
        var attributes = new Dictionary<string, string>(count);
        while (count > 0)
        {
            for (var i = 0; i < count; i++)
            {
                var key = SpanReader.Text(input, ref position);
                attributes[key] = SpanReader.Text(input, ref position);
            }

            count = (int)SpanReader.Long(input, ref position);
        }

        return attributes;
    }
}

using System.Globalization;

namespace SchemaStream.Bench.Serialization.Records;

/// <summary>The samples of <see cref="Small"/> and <see cref="Order"/> as Protobuf messages.</summary>
internal static class ProtoSamples
{
    public static Proto.Small Small { get; } = new()
    {
        Id = Records.Small.Sample.Id,
        Sequence = Records.Small.Sample.Sequence,
        Quantity = Records.Small.Sample.Quantity,
        Price = Records.Small.Sample.Price,
        Customer = Records.Small.Sample.Customer,
    };

    public static Proto.Order Order { get; } = Of(Records.Order.Sample);

    public static Proto.Order Large { get; } = Of(Records.Order.LargeSample);

    private static Proto.Order Of(Order order)
    {
        var message = new Proto.Order
        {
            Id = order.Id.ToString("D", CultureInfo.InvariantCulture),
            Number = order.Number,
            Status = (Proto.Status)order.Status,
            CustomerId = order.CustomerId,
            CustomerName = order.CustomerName,
            Email = order.Email,
            Shipping = Of(order.Shipping),
            Billing = Of(order.Billing),
            Lines = { order.Lines.Select(Of) },
            Attributes = { order.Attributes },
            SubtotalCents = Cents(order.Subtotal),
            TaxCents = Cents(order.Tax),
            TotalCents = Cents(order.Total),
            Currency = order.Currency,
            IsExpress = order.IsExpress,
            IsGift = order.IsGift,
            Rating = order.Rating,
            PlacedAtUs = Microseconds(order.PlacedAt),
            Channel = order.Channel,
            Version = order.Version,
        };
        Set(order.Phone, value => message.Phone = value);
        Set(order.CouponCode, value => message.CouponCode = value);
        if (order.Discount is { } discount)
        {
            message.Discount = discount;
        }

        if (order.LoyaltyPoints is { } points)
        {
            message.LoyaltyPoints = points;
        }

        if (order.ShippedAt is { } shipped)
        {
            message.ShippedAtUs = Microseconds(shipped);
        }

        return message;
    }

    private static Proto.Line Of(OrderLine line)
    {
        var message = new Proto.Line
        {
            Sku = line.Sku,
            Name = line.Name,
            Quantity = line.Quantity,
            UnitPriceCents = Cents(line.UnitPrice),
            Weight = line.Weight,
            IsGift = line.IsGift,
        };
        Set(line.Comment, value => message.Comment = value);
        return message;
    }

    private static Proto.Address Of(Address address)
    {
        var message = new Proto.Address
        {
            Street = address.Street, City = address.City, PostalCode = address.PostalCode, Country = address.Country,
        };
        Set(address.State, value => message.State = value);
        return message;
    }

    private static void Set(string? value, Action<string> set)
    {
        if (value is not null)
        {
            set(value);
        }
    }

    private static long Cents(decimal value) => (long)(value * 100);

    private static long Microseconds(DateTimeOffset value) =>
        (value.UtcTicks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;
}

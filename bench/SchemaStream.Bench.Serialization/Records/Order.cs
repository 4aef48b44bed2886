using System.Globalization;
using SchemaStream.Avro;

namespace SchemaStream.Bench.Serialization.Records;

public enum OrderStatus
{
    Placed,
    Paid,
    Packed,
    Shipped,
}

public sealed partial record Address(string Street, string City, string PostalCode, string Country, string? State);

public sealed partial record OrderLine(
    string Sku, string Name, int Quantity, [AvroDecimal(18, 2)] decimal UnitPrice, double Weight, string? Comment, bool IsGift);

/// <summary>Twenty-five fields with nested records, an array of lines, a map, nullables, decimals and a UUID.</summary>
[SchemaStreamContract]
public sealed partial record Order(
    Guid Id,
    long Number,
    OrderStatus Status,
    string CustomerId,
    string CustomerName,
    string Email,
    string? Phone,
    Address Shipping,
    Address Billing,
    List<OrderLine> Lines,
    Dictionary<string, string> Attributes,
    [AvroDecimal(18, 2)] decimal Subtotal,
    [AvroDecimal(18, 2)] decimal Tax,
    [AvroDecimal(18, 2)] decimal Total,
    string Currency,
    double? Discount,
    int? LoyaltyPoints,
    string? CouponCode,
    bool IsExpress,
    bool IsGift,
    float Rating,
    DateTimeOffset PlacedAt,
    DateTimeOffset? ShippedAt,
    string Channel,
    int Version)
{
    public static Order Sample { get; } = WithLines(10);

    public static Order LargeSample { get; } = WithLines(200);

    private static Order WithLines(int count)
    {
        var address = new Address("12 Long Harbour Street", "Hamburg", "20457", "DE", null);
        var lines = Enumerable.Range(0, count).Select(i => new OrderLine(
            "SKU-" + (100_000 + i).ToString(CultureInfo.InvariantCulture), "Product with a longer name, as catalogues have it, variant " + (i % 10).ToString(CultureInfo.InvariantCulture), i % 7 + 1,
            19.99m + i, 0.25 * i, i % 3 == 0 ? "gift wrap, please" : null, i % 2 == 0)).ToList();
        var placed = new DateTimeOffset(2024, 2, 29, 13, 14, 15, 678, TimeSpan.Zero);
        return new Order(
            Guid.Parse("1cfbd194-421b-41fe-aedc-5c253e9d6715"), 9_876_543_210, OrderStatus.Packed, "customer-0042", "Erika Mustermann",
            "erika@example.com", "+49 40 123456", address, address with { Street = "Rathausmarkt 1", State = "HH" }, lines,
            new Dictionary<string, string> { ["source"] = "web", ["campaign"] = "spring", ["device"] = "phone", ["session"] = "a1b2c3d4" },
            1234.50m, 234.56m, 1469.06m, "EUR", 0.05, null, "SPRING24", true, false, 4.5f, placed, placed.AddHours(5), "web-shop", 3);
    }
}

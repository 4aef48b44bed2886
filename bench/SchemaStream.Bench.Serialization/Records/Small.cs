using SchemaStream.Avro;

namespace SchemaStream.Bench.Serialization.Records;

/// <summary>Five fields, about fifty bytes.</summary>
public sealed record Small(string Id, long Sequence, int Quantity, double Price, string Customer)
{
    public static Small Sample { get; } = new("order-000123", 1_234_567, 42, 19.99, "a customer's name, short");
}

/// <summary>The record of the quickstart.</summary>
public sealed record OrderPlaced(
    Guid OrderId, string Customer, [AvroDecimal(18, 2)] decimal Amount, int Quantity, string? Note, DateTimeOffset PlacedAt)
{
    public static OrderPlaced Sample { get; } = new(
        Guid.Parse("1cfbd194-421b-41fe-aedc-5c253e9d6715"), "customer-0042", 129.95m, 3, "leave at the door",
        new DateTimeOffset(2024, 2, 29, 13, 14, 15, 678, TimeSpan.Zero));
}

using Quickstart;
using SchemaStream.Bench.Serialization.HandWritten;
using SchemaStream.Bench.Serialization.Records;

namespace SchemaStream.Bench.Serialization.Cases;

internal static class AvroCases
{
    private static readonly OrderPlaced QuickstartOrder = new(
        Guid.Parse("1cfbd194-421b-41fe-aedc-5c253e9d6715"), "customer-0042", 129.95m,
        new DateTimeOffset(2024, 2, 29, 13, 14, 15, 678, TimeSpan.Zero), "WELCOME");

    public static AvroCase<Small> Small() => new("small", Records.Small.Sample, SmallCodec.Write, SmallCodec.Read);

    public static AvroCase<OrderPlaced> Quickstart() =>
        new("quickstart", QuickstartOrder, OrderPlacedCodec.Write, OrderPlacedCodec.Read);

    public static AvroCase<Order> Order() => new("order", Records.Order.Sample, OrderCodec.Write, OrderCodec.Read);

    public static AvroCase<Order> Large() => new("large", Records.Order.LargeSample, OrderCodec.Write, OrderCodec.Read);
}

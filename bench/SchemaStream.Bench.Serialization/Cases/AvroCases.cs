using SchemaStream.Bench.Serialization.HandWritten;
using SchemaStream.Bench.Serialization.Records;

namespace SchemaStream.Bench.Serialization.Cases;

internal static class AvroCases
{
    public static AvroCase<Small> Small() => new("small", Records.Small.Sample, SmallCodec.Write, SmallCodec.Read);

    public static AvroCase<OrderPlaced> Quickstart() =>
        new("quickstart", OrderPlaced.Sample, OrderPlacedCodec.Write, OrderPlacedCodec.Read);

    public static AvroCase<Order> Order() => new("order", Records.Order.Sample, OrderCodec.Write, OrderCodec.Read);

    public static AvroCase<Order> Large() => new("large", Records.Order.LargeSample, OrderCodec.Write, OrderCodec.Read);
}

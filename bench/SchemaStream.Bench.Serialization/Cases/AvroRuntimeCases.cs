using Quickstart;
using SchemaStream.Avro;
using SchemaStream.Avro.Schemas;
using SchemaStream.Bench.Serialization.HandWritten;
using SchemaStream.Bench.Serialization.Records;

namespace SchemaStream.Bench.Serialization.Cases;

/// <summary>Avro with code that is compiled at run time, whether or not the type has generated code.</summary>
internal sealed class AvroRuntimeCases : IFormatCases
{
    private const string Format = "avro-runtime";
    private const double EncodeTarget = 1.6;
    private const double DecodeTarget = 1.3;

    private static readonly OrderPlaced QuickstartOrder = new(
        Guid.Parse("1cfbd194-421b-41fe-aedc-5c253e9d6715"), "customer-0042", 129.95m,
        new DateTimeOffset(2024, 2, 29, 13, 14, 15, 678, TimeSpan.Zero), "WELCOME");

    public static AvroCase<Small> Small() => Make("small", Records.Small.Sample, SmallCodec.Code);

    public static AvroCase<OrderPlaced> Quickstart() => Make("quickstart", QuickstartOrder, OrderPlacedCodec.Code);

    public static AvroCase<Order> Order() => Make("order", Records.Order.Sample, OrderCodec.Code);

    public static AvroCase<Order> Large() => Make("large", Records.Order.LargeSample, OrderCodec.Code);

    public IEnumerable<Comparison> All() =>
    [
        .. Small().Compare(Format, EncodeTarget, DecodeTarget),
        .. Order().Compare(Format, EncodeTarget, DecodeTarget),
        .. Large().Compare(Format, EncodeTarget, DecodeTarget),
    ];

    private static AvroCase<T> Make<T>(string name, T value, HandWritten<T> byHand)
        where T : class
    {
        var serializer = AvroSerializer.Compiled<T>();
        return new AvroCase<T>(
            name, value, byHand, serializer, AvroDeserializer.Compiled<T>(AvroSchema.Parse(serializer.SchemaText)));
    }
}

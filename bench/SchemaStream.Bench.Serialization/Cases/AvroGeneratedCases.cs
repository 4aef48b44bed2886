using SchemaStream.Avro;
using SchemaStream.Avro.Schemas;
using SchemaStream.Bench.Serialization.HandWritten;
using SchemaStream.Bench.Serialization.Records;

namespace SchemaStream.Bench.Serialization.Cases;

/// <summary>Avro with code that the source generator wrote: no reflection, nothing compiled at run time.</summary>
internal sealed class AvroGeneratedCases : IFormatCases
{
    private const string Format = "avro-generated";
    private const double EncodeTarget = 1.3;
    private const double DecodeTarget = 1.15;

    public static AvroCase<Small> Small() => Make("small", Records.Small.Sample, SmallCodec.Code);

    public static AvroCase<Order> Order() => Make("order", Records.Order.Sample, OrderCodec.Code);

    public static AvroCase<Order> Large() => Make("large", Records.Order.LargeSample, OrderCodec.Code);

    public IEnumerable<Comparison> All() =>
    [
        .. Small().Compare(Format, EncodeTarget, DecodeTarget),
        .. Order().Compare(Format, EncodeTarget, DecodeTarget),
        .. Large().Compare(Format, EncodeTarget, DecodeTarget),
    ];

    private static AvroCase<T> Make<T>(string name, T value, HandWritten<T> byHand)
        where T : class, IAvroContract<T>
    {
        var serializer = AvroSerializer.FromContract<T>();
        return new AvroCase<T>(
            name, value, byHand, serializer, AvroDeserializer.FromContract<T>(AvroSchema.Parse(serializer.SchemaText)));
    }
}

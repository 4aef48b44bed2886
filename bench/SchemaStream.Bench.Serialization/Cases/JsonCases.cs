using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using SchemaStream.Bench.Serialization.Records;
using SchemaStream.Json;

namespace SchemaStream.Bench.Serialization.Cases;

/// <summary>JSON beside System.Text.Json alone, source-generated, with a writer that is used again and again.</summary>
/// <param name="format">The name of the lines.</param>
/// <param name="validation">When data is held against its schema.</param>
/// <param name="target">The most that it may take, times the library alone.</param>
internal sealed class JsonCases(string format, JsonDataValidation validation, double target) : IFormatCases
{
    private const int BufferBytes = 128 * 1024;

    private static readonly SerializationContext Context = new("orders", RecordSlot.Value);

    public static JsonCases Plain { get; } = new("json", JsonDataValidation.None, 1.1);

    public static JsonCases Validated { get; } = new("json-validated", JsonDataValidation.WritingAndReading, 3);

    public IEnumerable<Comparison> All() =>
    [
        .. Compare("small", Small.Sample, BenchContext.Default.Small),
        .. Compare("order", Order.Sample, BenchContext.Default.Order),
        .. Compare("large", Order.LargeSample, BenchContext.Default.Order),
    ];

    private IEnumerable<Comparison> Compare<T>(string name, T value, JsonTypeInfo<T> type)
        where T : class
    {
        var options = new JsonFormatOptions { SerializerOptions = BenchContext.Default.Options, Validation = validation };
        var serializer = new JsonSchemaSerializer<T>(options);
        var deserializer = new JsonSchemaDeserializer<T>(JsonSchema.Parse(serializer.SchemaText), options);
        var (buffer, bareBuffer) = (new FixedBuffer(BufferBytes), new FixedBuffer(BufferBytes));
        var writer = new Utf8JsonWriter(bareBuffer, new JsonWriterOptions { SkipValidation = true });
        BareEncode();
        Encode();
        var payload = buffer.WrittenSpan.ToArray();
        if (!payload.AsSpan().SequenceEqual(bareBuffer.WrittenSpan))
        {
            throw new InvalidOperationException($"{format} {name}: the library and the SDK do not agree.");
        }

        return
        [
            Comparison.Encode($"{format}.encode.{name}", BareEncode, Encode, target),
            Comparison.Decode(
                $"{format}.decode.{name}", () => JsonSerializer.Deserialize(payload, type)!, () => deserializer.Deserialize(payload, Context), target),
        ];

        int BareEncode()
        {
            bareBuffer.Reset();
            writer.Reset(bareBuffer);
            JsonSerializer.Serialize(writer, value, type);
            writer.Flush();
            return bareBuffer.Written;
        }

        int Encode()
        {
            buffer.Reset();
            serializer.Serialize(value, Context, buffer);
            return buffer.Written;
        }
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(Small))]
[JsonSerializable(typeof(Order))]
internal sealed partial class BenchContext : JsonSerializerContext;

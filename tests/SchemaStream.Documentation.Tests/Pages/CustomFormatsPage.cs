using System.Buffers;
using System.Globalization;
using System.Text;
using SchemaStream.TestKit;

namespace SchemaStream.Documentation.Tests.Pages;

/// <summary>The code of docs/custom-formats.md.</summary>
public sealed class CustomFormatsPage(Shop shop) : IClassFixture<Shop>
{
    private static readonly Topic<string, Reading> Readings = Topic.Custom<string, Reading>("readings");

    [Fact]
    public async Task FormatOfOnesOwn_IsWrittenAndRead()
    {
        var options = new SchemaStreamOptions
        {
            BootstrapServers = shop.Stack.BootstrapServers,
            RegistryUrl = shop.Stack.RegistryUrl,
            Formats = [new CsvProvider()],
        };

        await using var client = new SchemaStreamClient(options);
        await client.EnsureTopicAsync(Readings);
        await using var producer = await client.CreateProducerAsync(Readings);
        await producer.SendAsync("sensor-1", new Reading("kitchen", 21.5));

        await using var consumer = await client.CreateConsumerAsync(Readings, "display");
        using var limit = new CancellationTokenSource(TestTime.Limit);
        await foreach (var record in consumer.ReadAllAsync(limit.Token))
        {
            record.Value.ShouldBe(new Reading("kitchen", 21.5));
            break;
        }

        (await client.Registry.GetContractAsync(Readings.Name))!.Value!.Describe().ShouldBe("bytes");
    }

    [Fact]
    public async Task ClientWithoutTheFormat_SaysSo()
    {
        await using var client = shop.Stack.CreateClient();

        (await Should.ThrowAsync<NotSupportedException>(async () => await client.CreateProducerAsync(Readings)))
            .Message.ShouldContain("This client has no serializers for bytes");
    }

    [Fact]
    public void TypeThatTheFormatDoesNotKnow_IsRefusedWhenItIsFirstAskedFor() =>
        Should.Throw<SchemaSerializationException>(() => new CsvProvider().CreateSerializer<Shop>());

    public sealed record Reading(string Room, double Celsius);

    public sealed class CsvProvider : ISchemaSerializerProvider
    {
        public SchemaFormat Format => SchemaFormat.Bytes;

        public ISchemaSerializer<T> CreateSerializer<T>() =>
            new ReadingCsv() as ISchemaSerializer<T>
                ?? throw new SchemaSerializationException($"{typeof(T)} is not written as CSV.");

        public ISchemaDeserializer<T> CreateDeserializer<T>(RegisteredSchema writer, IReadOnlyList<RegisteredSchema> references) =>
            new ReadingCsv() as ISchemaDeserializer<T>
                ?? throw new SchemaSerializationException($"{typeof(T)} is not read from CSV.");

        public string? TypeNameOf(RegisteredSchema schema, IReadOnlyList<RegisteredSchema> references) => null;
    }

    public sealed class ReadingCsv : ISchemaSerializer<Reading>, ISchemaDeserializer<Reading>
    {
        public SchemaFormat Format => SchemaFormat.Bytes;

        public string? SchemaText => null;

        public string? TypeName => null;

        public void Serialize(Reading value, in SerializationContext context, IBufferWriter<byte> output) =>
            Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{value.Room},{value.Celsius}"), output);

        public Reading Deserialize(ReadOnlySpan<byte> input, in SerializationContext context)
        {
            var fields = Encoding.UTF8.GetString(input).Split(',');
            return fields.Length == 2 && double.TryParse(fields[1], CultureInfo.InvariantCulture, out var celsius)
                ? new Reading(fields[0], celsius)
                : throw new SchemaSerializationException($"A {context.Slot} of topic '{context.Topic}' is no reading.");
        }
    }
}

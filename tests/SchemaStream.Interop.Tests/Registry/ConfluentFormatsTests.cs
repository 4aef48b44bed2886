using System.Text.Json;
using Confluent.Kafka;
using SchemaStream.Interop.Tests.Registry.Proto;
using Message = SchemaStream.Interop.Tests.Registry.Proto.OrderPlaced;
using Node = SchemaStream.Interop.Tests.Tools.Node;

namespace SchemaStream.Interop.Tests.Registry;

/// <summary>JSON and Protobuf records of the SDK, read by <c>@confluentinc/schemaregistry</c>; and its records, read by the SDK.</summary>
[Collection(StackCollection.Name)]
public sealed class ConfluentFormatsTests(StackFixture fixture)
{
    private const string Script = "registry_clients.js";

    private readonly string _url = fixture.Stack.RegistryUrl;

    [Fact]
    public async Task JsonOfTheSdk_IsReadAndValidatedByConfluent()
    {
        var read = await WrittenByTheSdkAsync(
            Topic.Json<string, Json.OrderPlaced>("sdk-json-for-confluent"), new Json.OrderPlaced("o-1", 2, ["a", "ü"]), "JSON");

        JsonSerializer.Serialize(read).ShouldBe("""{"orderId":"o-1","quantity":2,"tags":["a","\u00FC"]}""");
    }

    [Fact]
    public async Task JsonOfConfluent_IsReadAndValidatedByTheSdk()
    {
        var read = await WrittenByConfluentAsync(Topic.Json<string, Json.OrderPlaced>("confluent-json-for-sdk"), "JSON");

        (read.OrderId, read.Quantity).ShouldBe(("o-17", 3));
        read.Tags.ShouldBe(["new", "gift"]);
    }

    [Fact]
    public async Task ProtobufOfTheSdk_IsReadByConfluent()
    {
        var read = await WrittenByTheSdkAsync(
            Topic.Protobuf<string, Message>("sdk-protobuf-for-confluent"), new Message { OrderId = "o-1", Quantity = 2, Tags = { "a" } }, "PROTOBUF");

        JsonSerializer.Serialize(read).ShouldBe("""{"$typeName":"com.acme.OrderPlaced","orderId":"o-1","quantity":2,"tags":["a"]}""");
    }

    [Fact]
    public async Task NestedProtobufOfTheSdk_WithImports_IsReadByConfluent_ThroughItsReferences()
    {
        var item = new Parcel.Types.Item { Sku = "s-1", From = new Address { Street = "Quay 1", State = "HH" } };

        var read = await WrittenByTheSdkAsync(Topic.Protobuf<string, Parcel.Types.Item>("sdk-nested-for-confluent"), item, "PROTOBUF");

        read.GetProperty("$typeName").GetString().ShouldBe("com.acme.shop.Parcel.Item", "the second message's message, behind a map's");
        read.GetProperty("sku").GetString().ShouldBe("s-1");
        read.GetProperty("from").GetProperty("street").GetString().ShouldBe("Quay 1");
        read.GetProperty("from").GetProperty("state").GetString().ShouldBe("HH");
        using var registry = new SchemaStream.Registry.Client.RegistryClient(new Uri(_url));
        var schema = (await registry.GetLatestAsync("sdk-nested-for-confluent-value")).ShouldNotBeNull();
        schema.References.ShouldBe([new SchemaReference("shop/address.proto", "shop/address.proto", 1)]);
    }

    [Fact]
    public async Task ProtobufOfConfluent_IsReadByTheSdk()
    {
        var read = await WrittenByConfluentAsync(Topic.Protobuf<string, Message>("confluent-protobuf-for-sdk"), "PROTOBUF");

        read.ShouldBe(new Message { OrderId = "o-17", Quantity = 3, Tags = { "new", "gift" } });
    }

    private async Task<JsonElement> WrittenByTheSdkAsync<T>(Topic<string, T> topic, T value, string format)
    {
        await using (var client = Client())
        {
            await client.EnsureTopicAsync(topic);
            await using var producer = await client.CreateProducerAsync(topic);
            await producer.SendAsync("customer", value);
        }

        using var consumer = new ConsumerBuilder<Ignore, byte[]>(new ConsumerConfig
        {
            BootstrapServers = fixture.Stack.BootstrapServers, GroupId = topic.Name, AutoOffsetReset = Confluent.Kafka.AutoOffsetReset.Earliest,
        }).Build();
        consumer.Subscribe(topic.Name);
        var record = consumer.Consume(TimeSpan.FromSeconds(60)).ShouldNotBeNull();
        consumer.Close();
        var read = await Node.RunAsync(Script, _url, "read-confluent", format, topic.Name, Convert.ToHexString(record.Message.Value));
        return read.GetProperty("read");
    }

    private async Task<T> WrittenByConfluentAsync<T>(Topic<string, T> topic, string format)
    {
        var written = await Node.RunAsync(Script, _url, "confluent", format, topic.Name);
        await using var client = Client();
        await client.EnsureTopicAsync(topic);
        using (var producer = new ProducerBuilder<string, byte[]>(new ProducerConfig { BootstrapServers = fixture.Stack.BootstrapServers }).Build())
        {
            await producer.ProduceAsync(
                topic.Name, new Confluent.Kafka.Message<string, byte[]> { Key = "customer", Value = Convert.FromHexString(written.GetProperty("hex").GetString()!) });
        }

        await using var consumer = await client.CreateConsumerAsync(topic, topic.Name);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        await foreach (var record in consumer.ReadAllAsync(limit.Token))
        {
            record.Key.ShouldBe("customer");
            return record.Value;
        }

        throw new InvalidOperationException("reading ends with its token alone");
    }

    private SchemaStreamClient Client() => new(new() { BootstrapServers = fixture.Stack.BootstrapServers, RegistryUrl = new Uri(_url) });

    /// <summary>The order as <c>node/registry_clients.js</c> has it, in JSON.</summary>
    private static class Json
    {
        public sealed record OrderPlaced(string OrderId, int Quantity, IReadOnlyList<string> Tags);
    }
}

using System.Text.Json;
using Confluent.Kafka;
using Node = SchemaStream.Interop.Tests.Tools.Node;

namespace SchemaStream.Interop.Tests.Registry;

/// <summary>An order as <c>node/registry_clients.js</c> has it too.</summary>
public sealed record OrderPlaced([property: SchemaStream.Avro.AvroName("orderId")] string OrderId, [property: SchemaStream.Avro.AvroName("quantity")] int Quantity);

/// <summary>
/// <c>@confluentinc/schemaregistry</c> and <c>@kafkajs/confluent-schema-registry</c>: each registers its schemas here, writes and
/// reads with them, and reads what the other and what the SDK wrote.
/// </summary>
[Collection(StackCollection.Name)]
public sealed class RegistryClientsTests(StackFixture fixture)
{
    private const string Script = "registry_clients.js";
    private const string Sample = """{"orderId":"o-17","quantity":3,"tags":["new","gift"]}""";

    private readonly string _url = fixture.Stack.RegistryUrl;

    public static TheoryData<string, string, string> Pairs()
    {
        var pairs = new TheoryData<string, string, string>();
        foreach (var format in new[] { "AVRO", "JSON", "PROTOBUF" })
        {
            pairs.Add("confluent", format, "kafkajs");

            // kafkajs's writer leaves out Protobuf's message indexes, which everyone else's readers demand.
            pairs.Add("kafkajs", format, format == "PROTOBUF" ? "kafkajs" : "confluent");
        }

        return pairs;
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task Message_OfOneClient_IsReadByItself_AndByTheOther(string writer, string format, string reader)
    {
        var topic = $"{writer}-{format.ToLowerInvariant()}";

        var written = await Node.RunAsync(Script, _url, writer, format, topic);

        JsonSerializer.Serialize(written.GetProperty("read")).ShouldBe(Sample);
        written.GetProperty("hex").GetString()![2..10].ShouldBe(written.GetProperty("id").GetInt32().ToString("x8", null));
        var read = await Node.RunAsync(Script, _url, $"read-{reader}", format, topic, written.GetProperty("hex").GetString()!);
        JsonSerializer.Serialize(read.GetProperty("read")).ShouldBe(Sample);
    }

    [Theory]
    [InlineData("confluent")]
    [InlineData("kafkajs")]
    public async Task Record_OfTheSdk_IsReadByOthers(string reader)
    {
        var topic = Topic.Avro<string, OrderPlaced>($"sdk-for-{reader}");
        await using (var client = new SchemaStreamClient(new() { BootstrapServers = fixture.Stack.BootstrapServers, RegistryUrl = new Uri(_url) }))
        {
            await client.EnsureTopicAsync(topic);
            await using var producer = await client.CreateProducerAsync(topic);
            await producer.SendAsync("customer", new OrderPlaced("o-18", 4));
        }

        using var consumer = new ConsumerBuilder<Ignore, byte[]>(new ConsumerConfig
        {
            BootstrapServers = fixture.Stack.BootstrapServers, GroupId = topic.Name, AutoOffsetReset = Confluent.Kafka.AutoOffsetReset.Earliest,
        }).Build();
        consumer.Subscribe(topic.Name);
        var record = consumer.Consume(TimeSpan.FromSeconds(30)).ShouldNotBeNull();

        var read = await Node.RunAsync(Script, _url, $"read-{reader}", "AVRO", topic.Name, Convert.ToHexString(record.Message.Value));
        read.GetProperty("read").GetProperty("orderId").GetString().ShouldBe("o-18");
        read.GetProperty("read").GetProperty("quantity").GetInt32().ShouldBe(4);
        consumer.Close();
    }

    [Fact]
    public async Task Client_OfConfluent_AdministersSubjects()
    {
        var did = await Node.RunAsync(Script, _url, "administer", "administered");

        var (id, next) = (did.GetProperty("id").GetInt32(), did.GetProperty("nextId").GetInt32());
        next.ShouldBeGreaterThan(id);
        JsonSerializer.Serialize(did).ShouldBe(JsonSerializer.Serialize(new
        {
            id, compatible = true, incompatible = false, nextId = next, versions = new[] { 1, 2 }, version = 1, idAgain = id,
            byId = "OrderPlaced", byGuid = "OrderPlaced", withMetadata = 2, subjects = true,
            level = "FULL", config = "FULL", global = "BACKWARD", same = next, refused = 40901,
            deletedVersion = 1, deleted = new[] { 2 }, gone = new[] { 1, 2 },
        }));
    }

    [Fact]
    public async Task Client_OfConfluent_AssociatesTopics_AndWritesUnderTheirSubjects()
    {
        var did = await Node.RunAsync(Script, _url, "associate", "associated");

        JsonSerializer.Serialize(did).ShouldBe(JsonSerializer.Serialize(new
        {
            created = new object[][] { ["com.acme.associated", "value", "WEAK", false] },
            byName = new object[][] { ["com.acme.associated", "WEAK", false] },
            byNamespace = new object[][] { ["com.acme.associated", "WEAK", false] },
            elsewhere = Array.Empty<object>(),
            written = true,
            read = JsonSerializer.Deserialize<JsonElement>(Sample),
            left = Array.Empty<object>(),
            strong = new object[][] { [":.lkc-1:associated-owned-value", "STRONG", true, 1] },
            frozen = 40908,
            subjectGone = 40401,
        }));
    }
}

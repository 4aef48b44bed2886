using System.Text;
using SchemaStream.Avro;
using SchemaStream.Registry.Client;
using SchemaStream.TestKit;

namespace SchemaStream.Documentation.Tests.Pages;

/// <summary><c>docs/changing-a-type.md</c>; its migration is that of <see cref="MigratingPage"/>.</summary>
public sealed class ChangingATypePage(Shop shop) : IClassFixture<Shop>
{
    [Fact]
    public async Task Shape_MayGrow_AndBothSidesReadBoth()
    {
        await using var client = shop.Stack.CreateClient();
        var (before, after) = (Topic.Avro<string, CustomerV1>("customers"), Topic.Avro<string, CustomerV2>("customers"));
        await client.EnsureTopicAsync(before, new TopicSpecification { PartitionCount = 1 });
        await using var oldProducer = await client.CreateProducerAsync(before);
        await oldProducer.SendAsync("6", new CustomerV1("Bob"));
        await using var newProducer = await client.CreateProducerAsync(after);
        await newProducer.SendAsync("7", new CustomerV2("Ada", "ada@example.org"));

        (await ReadAsync(client, after)).ShouldBe([new CustomerV2("Bob", null), new CustomerV2("Ada", "ada@example.org")]);
        (await ReadAsync(client, before)).ShouldBe([new CustomerV1("Bob"), new CustomerV1("Ada")]);

        var refusal = await Should.ThrowAsync<RegistryException>(
            () => client.CreateProducerAsync(Topic.Avro<string, CustomerV3>("customers")));

        refusal.Message.ShouldContain("READER_FIELD_MISSING_DEFAULT_VALUE");
        refusal.Message.ShouldContain("Level");
    }

    [Fact]
    public async Task JsonMember_MayBeAdded_AndTakenAwayWithTheLenientPolicy()
    {
        await using var client = shop.Stack.CreateClient();
        var (before, after) = (Topic.Json<string, Yesterday.Parcel>("parcels"), Topic.Json<string, Today.Parcel>("parcels"));
        await client.EnsureTopicAsync(before, new TopicSpecification { PartitionCount = 1 });
        await using var oldProducer = await client.CreateProducerAsync(before);
        await oldProducer.SendAsync("6", new Yesterday.Parcel("Bob", 70));
        await using var newProducer = await client.CreateProducerAsync(after);
        await newProducer.SendAsync("7", new Today.Parcel("Ada", 90, "fragile"));

        (await ReadAsync(client, after)).ShouldBe([new Today.Parcel("Bob", 70), new Today.Parcel("Ada", 90, "fragile")]);
        (await ReadAsync(client, before)).ShouldBe([new Yesterday.Parcel("Bob", 70), new Yesterday.Parcel("Ada", 90)]);

        var fewer = Topic.Json<string, Tomorrow.Parcel>("parcels");
        var refusal = await Should.ThrowAsync<RegistryException>(() => client.CreateProducerAsync(fewer));
        refusal.Message.ShouldContain("PROPERTY_REMOVED_FROM_CLOSED_CONTENT_MODEL");

        using var http = new HttpClient { BaseAddress = shop.Stack.RegistryUrl };
        using var lenient = new StringContent("""{"compatibilityPolicy": "LENIENT"}""", Encoding.UTF8, "application/vnd.schemaregistry.v1+json");
        (await http.PutAsync("/config/parcels-value", lenient)).EnsureSuccessStatusCode();
        await using var producer = await client.CreateProducerAsync(fewer);
    }

    private static async Task<List<T>> ReadAsync<T>(SchemaStreamClient client, Topic<string, T> topic)
    {
        var read = new List<T>();
        await using var consumer = await client.CreateConsumerAsync(topic, "readers of " + typeof(T).FullName);
        using var limit = new CancellationTokenSource(TestTime.Limit);
        await foreach (var record in consumer.ReadAllAsync(limit.Token))
        {
            read.Add(record.Value);
            if (read.Count == 2)
            {
                break;
            }
        }

        return read;
    }

    [AvroName("com.acme.Customer")]
    public sealed record CustomerV1(string Name);

    [AvroName("com.acme.Customer")]
    public sealed record CustomerV2(string Name, string? Email);

    [AvroName("com.acme.Customer")]
    public sealed record CustomerV3(string Name, int Level);

    private static class Yesterday
    {
        public sealed record Parcel(string Receiver, int Grams);
    }

    private static class Today
    {
        public sealed record Parcel(string Receiver, int Grams, string? Note = null);
    }

    private static class Tomorrow
    {
        public sealed record Parcel(string Receiver, string? Note = null);
    }
}

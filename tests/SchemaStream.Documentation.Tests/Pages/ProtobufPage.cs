using SchemaStream.TestKit;
using Shop.Messages;

namespace SchemaStream.Documentation.Tests.Pages;

/// <summary>The code of docs/protobuf.md.</summary>
public sealed class ProtobufPage(Shop shop) : IClassFixture<Shop>
{
    private static readonly Topic<string, ParcelSent> Parcels = Topic.Protobuf<string, ParcelSent>("protobuf-parcels");

    [Fact]
    public async Task Message_IsSentAndRead_AndItsImportIsAReference()
    {
        await using var client = shop.Stack.CreateClient();
        await client.EnsureTopicAsync(Parcels);
        await using var producer = await client.CreateProducerAsync(Parcels);
        await producer.SendAsync("customer-7", new ParcelSent
        {
            Id = "o-1",
            Total = new Money { Cents = 1250, Currency = "EUR" },
        });

        await using var consumer = await client.CreateConsumerAsync(Parcels, "accounting");
        using var limit = new CancellationTokenSource(TestTime.Limit);
        await foreach (var record in consumer.ReadAllAsync(limit.Token))
        {
            record.Value.Total.Cents.ShouldBe(1250);
            break;
        }

        var schema = (await client.Registry.GetLatestAsync(Parcels.ValueSubject)).ShouldNotBeNull();
        schema.References.ShouldBe([new SchemaReference("shop/money.proto", "shop/money.proto", 1)]);
        (await client.Registry.GetContractAsync(Parcels.Name))!.Value!.Describe().ShouldBe("PROTOBUF shop.ParcelSent");
    }

    [Fact]
    public async Task OtherMessage_OfTheSameTopic_IsRefusedBeforeAByteLeaves()
    {
        await using var client = shop.Stack.CreateClient();
        await client.EnsureTopicAsync(Topic.Protobuf<string, ParcelSent>("protobuf-bound"));

        await using var another = shop.Stack.CreateClient();
        await Should.ThrowAsync<TopicContractException>(
            async () => await another.CreateProducerAsync(Topic.Protobuf<string, Money>("protobuf-bound")));
    }
}

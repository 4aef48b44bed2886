using SchemaStream.Tests.Contracts;
using SchemaStream.Tests.Transport;

namespace SchemaStream.Tests.Consuming;

/// <summary>Typed records out and back: the bytes, other versions of a type, and what is not of the type at all.</summary>
public sealed class TypedReadingTests
{
    private static readonly Topic<string, byte[]> Bytes = Topic.Primitive<string, byte[]>("orders");

    [Fact]
    public async Task Value_IsConfluentsFrameAroundAvro_ForAnyClient()
    {
        await using var servers = await RegistryFixture.StartAsync();
        await using var client = servers.Client();
        await using var producer = await client.CreateProducerAsync(Orders.Topic);
        await producer.SendAsync("customer-7", new OrderPlaced("o-1", "c", 300));
        var id = (await client.Registry.GetLatestAsync("orders-value"))!.Id;

        await using var plain = new RawTopic<string, byte[]>(servers.BootstrapServers, Bytes).Consume("plain", MockCluster.Hasten());
        var record = (await plain.TakeAsync(1))[0];

        record.Key.ShouldBe("customer-7");
        Convert.ToHexString(record.Value).ShouldBe($"00{id:X8}" + "06" + "6F2D31" + "02" + "63" + "D804");
    }

    [Fact]
    public async Task Versions_OfOneType_AreReadByBoth()
    {
        await using var servers = await RegistryFixture.StartAsync();
        await using var client = servers.Client();
        await using var today = await client.CreateProducerAsync(Orders.Topic);
        await using var later = await client.CreateProducerAsync(Orders.Later);
        await today.SendAsync("k", new OrderPlaced("o-1", "c", 1));
        await later.SendAsync("k", new OrderPlacedLater("o-2", "c", 2, "WELCOME"));
        await later.SendTombstoneAsync("k");

        await using var old = await client.CreateConsumerAsync(Orders.Topic, "old", MockCluster.Hasten());
        var read = await old.TakeAsync(3);
        read[0].Value.ShouldBe(new OrderPlaced("o-1", "c", 1));
        read[1].Value.ShouldBe(new OrderPlaced("o-2", "c", 2));
        read[2].IsTombstone.ShouldBeTrue();
        await using var recent = await client.CreateConsumerAsync(Orders.Later, "recent", MockCluster.Hasten());
        (await recent.TakeAsync(2)).Select(record => record.Value).ShouldBe(
            [new OrderPlacedLater("o-1", "c", 1), new OrderPlacedLater("o-2", "c", 2, "WELCOME")]);
    }

    [Fact]
    public async Task Record_WithoutASchema_EndsTheLoopAndNamesItsPlace()
    {
        await using var servers = await RegistryFixture.StartAsync();
        await using var client = servers.Client();
        await Poison(servers, client, "plain text"u8.ToArray());

        await using var consumer = await client.CreateConsumerAsync(Orders.Topic, "readers", MockCluster.Hasten());
        (await consumer.TakeAsync(1)).Count.ShouldBe(1);
        var failure = await Should.ThrowAsync<RecordDecodeException>(() => consumer.TakeAsync(1));
        var again = await Should.ThrowAsync<RecordDecodeException>(() => consumer.TakeAsync(1));

        failure.Position.ShouldBe(new RecordPosition("orders", 0, 1));
        failure.Slot.ShouldBe(RecordSlot.Value);
        failure.Message.ShouldContain("orders[0] at offset 1");
        again.Position.ShouldBe(failure.Position);
    }

    [Theory]
    [InlineData("00000F42400102")] // an id that the registry does not know
    [InlineData("000000")] // half a prefix
    [InlineData("")] // empty, which is not a tombstone
    public async Task Record_ThatCannotBeRead_IsSkippedWhereThePolicySaysSo(string hex)
    {
        await using var servers = await RegistryFixture.StartAsync();
        await using var client = servers.Client();
        await Poison(servers, client, Convert.FromHexString(hex));

        var skip = MockCluster.Hasten(new ConsumerOptions { DecodeFailure = FailurePolicy.Skip });
        await using var consumer = await client.CreateConsumerAsync(Orders.Topic, "readers", skip);

        (await consumer.TakeAsync(2)).Select(record => record.Offset).ShouldBe([0, 2]);
    }

    [Fact]
    public async Task Record_OfAnotherType_IsRefusedByTheContract()
    {
        await using var servers = await RegistryFixture.StartAsync();
        await using var client = servers.Client();
        var foreign = Topic.Avro<string, PaymentReceived>("payments");
        await using var contracts = await client.CreateProducerAsync(foreign);
        var id = (await client.Registry.GetLatestAsync("payments-value"))!.Id;
        await Poison(servers, client, [0, 0, 0, 0, (byte)id, 2, 2]);

        await using var consumer = await client.CreateConsumerAsync(Orders.Topic, "readers", MockCluster.Hasten());
        (await consumer.TakeAsync(1)).Count.ShouldBe(1);
        var failure = await Should.ThrowAsync<RecordDecodeException>(() => consumer.TakeAsync(1));

        failure.Position.Offset.ShouldBe(1);
        var refusal = failure.InnerException.ShouldBeOfType<TopicContractException>();
        refusal.Expected.ShouldBe("AVRO com.acme.OrderPlaced");
        refusal.Actual.ShouldBe("AVRO com.acme.PaymentReceived");
    }

    /// <summary>A good record, one that a plain client put between, and another good one; all in partition 0.</summary>
    private static async Task Poison(RegistryFixture servers, SchemaStreamClient client, byte[] bytes)
    {
        var partition = new RecordOptions { Partition = 0 };
        await using var producer = await client.CreateProducerAsync(Orders.Topic);
        await producer.SendAsync("k", Orders.Order(1), partition);
        await using (var plain = new RawTopic<string, byte[]>(servers.BootstrapServers, Bytes).Produce())
        {
            await plain.SendAsync("k", bytes, partition);
        }

        await producer.SendAsync("k", Orders.Order(2), partition);
    }
}

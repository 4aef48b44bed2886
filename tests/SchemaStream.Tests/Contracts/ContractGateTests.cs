using SchemaStream.Registry.Client;

namespace SchemaStream.Tests.Contracts;

/// <summary>The SDK's gate: a program that says another type than the topic's never gets a producer or consumer.</summary>
public sealed class ContractGateTests
{
    [Fact]
    public async Task Producer_OfAnUnboundTopic_BindsIt()
    {
        await using var servers = await RegistryFixture.StartAsync();
        await using var client = servers.Client();

        await using var producer = await client.CreateProducerAsync(Orders.Topic);

        var contract = await client.Registry.GetContractAsync("orders");
        contract!.Binding.ShouldBe(ContractBinding.Explicit);
        contract.Key!.Describe().ShouldBe("string");
        contract.Value!.Describe().ShouldBe("AVRO com.acme.OrderPlaced");
        contract.Value!.Subject.ShouldBe("orders-value");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Producer_OfAnotherType_IsRefusedBeforeAByteLeaves(bool sameProgram)
    {
        await using var servers = await RegistryFixture.StartAsync();
        await using var client = servers.Client();
        await using var producer = await client.CreateProducerAsync(Orders.Topic);
        await using var other = servers.Client();

        var refusal = await Should.ThrowAsync<TopicContractException>(
            () => (sameProgram ? client : other).CreateProducerAsync(Orders.OtherType));

        refusal.Topic.ShouldBe("orders");
        refusal.Slot.ShouldBe(RecordSlot.Value);
        refusal.Expected.ShouldBe("AVRO com.acme.OrderPlaced");
        refusal.Actual.ShouldBe("AVRO com.acme.PaymentReceived");
        refusal.Message.ShouldContain("a different type means a new topic");
        (await client.Registry.ListVersionsAsync("orders-value")).ShouldBe([1]);
        (await producer.SendAsync("k", Orders.Order(1), new RecordOptions { Partition = 0 })).Offset.ShouldBe(0);
    }

    [Fact]
    public async Task Producer_OfAnotherKey_IsRefused()
    {
        await using var servers = await RegistryFixture.StartAsync();
        await using var client = servers.Client();
        await using var producer = await client.CreateProducerAsync(Orders.Topic);

        var refusal = await Should.ThrowAsync<TopicContractException>(() => client.CreateProducerAsync(Orders.OtherKey));

        refusal.Slot.ShouldBe(RecordSlot.Key);
        refusal.Expected.ShouldBe("string");
        refusal.Actual.ShouldBe("uuid");
    }

    [Fact]
    public async Task Producer_OfAnotherFormat_IsRefused()
    {
        await using var servers = await RegistryFixture.StartAsync();
        await using var client = servers.Client();
        await using var producer = await client.CreateProducerAsync(Orders.Topic);

        var refusal = await Should.ThrowAsync<TopicContractException>(() => client.CreateProducerAsync(Orders.OtherFormat));

        refusal.Actual.ShouldBe("string");
    }

    [Fact]
    public async Task Producers_ThatRaceForATopic_OneTypeWins()
    {
        await using var servers = await RegistryFixture.StartAsync();
        await using var one = servers.Client();
        await using var two = servers.Client();

        var first = one.CreateProducerAsync(Orders.Topic);
        var second = two.CreateProducerAsync(Orders.OtherType);
        var refused = 0;
        try
        {
            await (await first).DisposeAsync();
        }
        catch (TopicContractException)
        {
            refused++;
        }

        try
        {
            await (await second).DisposeAsync();
        }
        catch (TopicContractException)
        {
            refused++;
        }

        refused.ShouldBe(1);
    }

    [Fact]
    public async Task Consumer_OfAnotherType_IsRefused()
    {
        await using var servers = await RegistryFixture.StartAsync();
        await using var client = servers.Client();
        await using var producer = await client.CreateProducerAsync(Orders.Topic);
        await using var other = servers.Client();

        await Should.ThrowAsync<TopicContractException>(() => other.CreateConsumerAsync(Orders.OtherType, "readers"));
    }

    [Fact]
    public async Task Consumer_OfAnUnboundTopic_LeavesItUnbound()
    {
        await using var servers = await RegistryFixture.StartAsync();
        await using var client = servers.Client();

        await using var consumer = await client.CreateConsumerAsync(Orders.Topic, "readers");

        (await client.Registry.GetContractAsync("orders")).ShouldBeNull();
    }

    [Fact]
    public async Task Producer_OfAnIncompatibleShape_IsRefusedByTheRegistry()
    {
        await using var servers = await RegistryFixture.StartAsync();
        await using var client = servers.Client();
        await using var producer = await client.CreateProducerAsync(Orders.Topic);

        var refusal = await Should.ThrowAsync<RegistryException>(() => client.CreateProducerAsync(Orders.Broken));

        refusal.ErrorCode.ShouldBe(RegistryErrorCodes.Incompatible);
        refusal.Message.ShouldContain("Priority", Case.Insensitive);
    }

    [Fact]
    public async Task Producer_ThatMayNotRegister_NeedsItsSchemaToBeThere()
    {
        await using var servers = await RegistryFixture.StartAsync();
        await using var strict = servers.Client(UnknownSchema.Reject);
        var refusal = await Should.ThrowAsync<SchemaSerializationException>(() => strict.CreateProducerAsync(Orders.Topic));
        refusal.Message.ShouldContain("orders-value");

        await using var deployment = servers.Client();
        await using var registers = await deployment.CreateProducerAsync(Orders.Topic);

        await using var producer = await strict.CreateProducerAsync(Orders.Topic);
        await producer.SendAsync("k", Orders.Order(1));
    }

    [Fact]
    public async Task PlainConfluentRegistry_IsHeldToTheFirstVersionOfTheSubject()
    {
        await using var servers = await RegistryFixture.StartAsync();
        await using var plain = new PlainRegistry(servers.RegistryUrl);
        await using var one = servers.Client(registryUrl: plain.Url);
        await using var producer = await one.CreateProducerAsync(Orders.Topic);
        await using var two = servers.Client(registryUrl: plain.Url);

        var refusal = await Should.ThrowAsync<TopicContractException>(() => two.CreateProducerAsync(Orders.OtherType));
        refusal.Expected.ShouldBe("AVRO com.acme.OrderPlaced");
        await Should.ThrowAsync<TopicContractException>(() => two.CreateProducerAsync(Orders.OtherFormat));
        await using var later = await two.CreateProducerAsync(Orders.Later);
    }

    [Fact]
    public async Task PlainConfluentRegistry_WhoseFirstVersionIsDeleted_IsHeldToTheNext()
    {
        await using var servers = await RegistryFixture.StartAsync();
        await using var plain = new PlainRegistry(servers.RegistryUrl);
        await using var one = servers.Client(registryUrl: plain.Url);
        await using (await one.CreateProducerAsync(Orders.Topic))
        await using (await one.CreateProducerAsync(Orders.Later))
        {
        }

        using var http = new HttpClient { BaseAddress = plain.Url };
        (await http.DeleteAsync("subjects/orders-value/versions/1")).EnsureSuccessStatusCode();
        await using var two = servers.Client(registryUrl: plain.Url);

        var refusal = await Should.ThrowAsync<TopicContractException>(() => two.CreateProducerAsync(Orders.OtherType));
        refusal.Expected.ShouldBe("AVRO com.acme.OrderPlaced");
    }
}

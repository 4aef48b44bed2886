using SchemaStream.Protocol;
using SchemaStream.Protocol.Messages;
using SchemaStream.TestKit;

namespace SchemaStream.Broker.Tests.Handlers;

public sealed class MetadataTests(BrokerFixture fixture) : IClassFixture<BrokerFixture>
{
    [Theory]
    [InlineData(0)]
    [InlineData(4)]
    [InlineData(9)]
    [InlineData(13)]
    public async Task Topic_ThatIsUnknown_IsCreatedAndAnsweredWithItsLeader(short version)
    {
        await using var client = await fixture.ConnectAsync();
        var name = fixture.NewName();
        var response = await client.SendAsync(Ask(name), version);

        var topic = response.Topics.ShouldHaveSingleItem();
        topic.ErrorCode.ShouldBe(ErrorCode.None);
        topic.Name.ShouldBe(name);
        var partition = topic.Partitions.ShouldHaveSingleItem();
        partition.ErrorCode.ShouldBe(ErrorCode.None);
        partition.LeaderId.ShouldBe(1);
        partition.ReplicaNodes.ShouldBe([1]);
        partition.IsrNodes.ShouldBe([1]);
        var broker = response.Brokers.ShouldHaveSingleItem();
        $"{broker.Host}:{broker.Port}".ShouldBe(fixture.Broker.BootstrapServers);
        (await client.ProduceAsync(name, Wire.Batch("at once"))).ErrorCode.ShouldBe(ErrorCode.None);
    }

    [Fact]
    public async Task Topic_WhereTheRequestDoesNotAllowIt_IsNotCreated()
    {
        await using var client = await fixture.ConnectAsync();
        var request = Ask(fixture.NewName());
        request.AllowAutoTopicCreation = false;
        (await client.SendAsync(request, 9)).Topics[0].ErrorCode.ShouldBe(ErrorCode.UnknownTopicOrPartition);
    }

    [Fact]
    public async Task Topic_WhereTheBrokerDoesNotAllowIt_IsNotCreated()
    {
        await using var broker = await TestBroker.StartAsync(("auto.create.topics.enable", "false"));
        await using var client = await broker.ConnectAsync();
        (await client.SendAsync(Ask("orders"), 9)).Topics[0].ErrorCode.ShouldBe(ErrorCode.UnknownTopicOrPartition);
    }

    [Fact]
    public async Task Topic_WithABadName_IsInvalid()
    {
        await using var client = await fixture.ConnectAsync();
        (await client.SendAsync(Ask("no spaces"), 9)).Topics[0].ErrorCode.ShouldBe(ErrorCode.InvalidTopicException);
    }

    [Fact]
    public async Task Topic_ThatIsNewGetsTheBrokersDefaults()
    {
        await using var broker = await TestBroker.StartAsync(("num.partitions", "3"));
        await using var client = await broker.ConnectAsync();
        (await client.SendAsync(Ask("orders"), 9)).Topics[0].Partitions.Count.ShouldBe(3);
    }

    [Fact]
    public async Task Topic_ById_IsFound()
    {
        await using var client = await fixture.ConnectAsync();
        var name = fixture.NewName();
        var id = await client.CreateTopicAsync(name, 2);
        var byId = await client.SendAsync(new MetadataRequest { Topics = [new() { Name = null, TopicId = id }] }, 12);
        byId.Topics[0].Name.ShouldBe(name);
        byId.Topics[0].Partitions.Count.ShouldBe(2);

        var unknown = await client.SendAsync(new MetadataRequest { Topics = [new() { Name = null, TopicId = Guid.NewGuid() }] }, 12);
        unknown.Topics[0].ErrorCode.ShouldBe(ErrorCode.UnknownTopicId);
    }

    [Fact]
    public async Task AllTopics_AreToldForNull_AndNoneForAnEmptyList()
    {
        await using var client = await fixture.ConnectAsync();
        var name = fixture.NewName();
        await client.CreateTopicAsync(name);
        (await client.SendAsync(new MetadataRequest { Topics = null }, 9)).Topics.ShouldContain(topic => topic.Name == name);
        (await client.SendAsync(new MetadataRequest { Topics = [] }, 9)).Topics.ShouldBeEmpty();
        (await client.SendAsync(new MetadataRequest { Topics = [] }, 0)).Topics.ShouldContain(topic => topic.Name == name);
    }

    [Theory]
    [InlineData(10)]
    [InlineData(11)]
    public async Task Topic_WithoutANameBeforeIdsAreServed_IsAnInvalidRequest(short version)
    {
        await using var client = await fixture.ConnectAsync();
        var request = new MetadataRequest { Topics = [new() { Name = null, TopicId = Guid.NewGuid() }] };
        var response = await client.SendAsync(request, version).WaitAsync(TestTime.Limit);
        response.Topics.ShouldHaveSingleItem().ErrorCode.ShouldBe(ErrorCode.InvalidRequest);
    }

    [Fact]
    public async Task Cluster_IsDescribedAlike()
    {
        await using var client = await fixture.ConnectAsync();
        var metadata = await client.SendAsync(new MetadataRequest { Topics = [] }, 9);
        var cluster = await client.SendAsync(new DescribeClusterRequest(), 2);
        cluster.ErrorCode.ShouldBe(ErrorCode.None);
        cluster.ClusterId.ShouldBe(metadata.ClusterId);
        cluster.ClusterId.ShouldNotBeNullOrEmpty();
        cluster.Brokers.ShouldHaveSingleItem().Port.ShouldBe(fixture.Broker.Port);

        var controllers = await client.SendAsync(new DescribeClusterRequest { EndpointType = 2 }, 1);
        controllers.ErrorCode.ShouldBe(ErrorCode.MismatchedEndpointType);
    }

    private static MetadataRequest Ask(string topic) => new() { Topics = [new() { Name = topic }], AllowAutoTopicCreation = true };
}

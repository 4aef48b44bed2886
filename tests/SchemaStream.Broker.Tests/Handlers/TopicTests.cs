using SchemaStream.Protocol;
using SchemaStream.Protocol.Client;
using SchemaStream.Protocol.Messages;
using SchemaStream.TestKit;

namespace SchemaStream.Broker.Tests.Handlers;

public sealed class TopicTests(BrokerFixture fixture) : IClassFixture<BrokerFixture>
{
    [Theory]
    [InlineData(2)]
    [InlineData(5)]
    [InlineData(7)]
    public async Task Creation_IsAnsweredWhenTheTopicIsReady(short version)
    {
        await using var client = await fixture.ConnectAsync();
        var name = fixture.NewName();
        var response = await client.SendAsync(Create(name, partitions: 3), version);
        response.Topics.ShouldHaveSingleItem().ErrorCode.ShouldBe(ErrorCode.None);
        (await client.ProduceAsync(name, Wire.Batch("x"), partition: 2)).ErrorCode.ShouldBe(ErrorCode.None);
        if (version >= 5)
        {
            response.Topics[0].NumPartitions.ShouldBe(3);
            response.Topics[0].Configs!.ShouldContain(config => config.Name == "retention.ms");
        }

        (await client.SendAsync(Create(name), version)).Topics[0].ErrorCode.ShouldBe(ErrorCode.TopicAlreadyExists);
    }

    [Fact]
    public async Task Creation_OfTheMetadataLogsName_IsRefused()
    {
        await using var client = await fixture.ConnectAsync();
        var name = fixture.NewName();
        var request = Create("__cluster_metadata");
        request.Topics.AddRange(Create(name).Topics);
        var response = await client.SendAsync(request, 7).WaitAsync(TestTime.Limit);
        response.Topics.Select(topic => (topic.Name, topic.ErrorCode)).ShouldBe(
            [("__cluster_metadata", ErrorCode.InvalidRequest), (name, ErrorCode.None)], ignoreOrder: true);
    }

    [Fact]
    public async Task Creation_OfSeveral_AnswersEachForItself()
    {
        await using var client = await fixture.ConnectAsync();
        var good = fixture.NewName();
        var request = Create(good);
        request.Topics.AddRange(Create("bad name").Topics);
        request.Topics.AddRange(Create(fixture.NewName(), replicas: 3).Topics);
        request.Topics.AddRange(Create(fixture.NewName(), partitions: 0).Topics);
        var odd = Create(fixture.NewName()).Topics[0];
        odd.Configs.Add(new() { Name = "no.such.config", Value = "1" });
        request.Topics.Add(odd);
        var response = await client.SendAsync(request, 7);
        response.Topics.Select(topic => topic.ErrorCode).ShouldBe(
        [
            ErrorCode.None,
            ErrorCode.InvalidTopicException,
            ErrorCode.InvalidReplicationFactor,
            ErrorCode.InvalidPartitions,
            ErrorCode.InvalidConfig,
        ]);
        response.Topics.Skip(1).ShouldAllBe(topic => topic.ErrorMessage!.Length > 0);
    }

    [Fact]
    public async Task Validation_CreatesNothing()
    {
        await using var client = await fixture.ConnectAsync();
        var name = fixture.NewName();
        var request = Create(name);
        request.ValidateOnly = true;
        (await client.SendAsync(request, 7)).Topics[0].ErrorCode.ShouldBe(ErrorCode.None);
        (await client.FetchAsync(name, 0)).ErrorCode.ShouldBe(ErrorCode.UnknownTopicOrPartition);
    }

    [Fact]
    public async Task Deletion_ByNameAndById()
    {
        await using var client = await fixture.ConnectAsync();
        var (first, second) = (fixture.NewName(), fixture.NewName());
        await client.CreateTopicAsync(first);
        var id = await client.CreateTopicAsync(second);

        var byName = await client.SendAsync(new DeleteTopicsRequest { TopicNames = [first, "not-there"], TimeoutMs = 5000 }, 5);
        byName.Responses.Single(topic => topic.Name == first).ErrorCode.ShouldBe(ErrorCode.None);
        byName.Responses.Single(topic => topic.Name == "not-there").ErrorCode.ShouldBe(ErrorCode.UnknownTopicOrPartition);
        var byId = await client.SendAsync(
            new DeleteTopicsRequest
            {
                Topics = [new() { Name = null, TopicId = id }, new() { Name = null, TopicId = Guid.NewGuid() }, new() { Name = null }],
                TimeoutMs = 5000,
            },
            6);
        byId.Responses.Single(topic => topic.TopicId == id).ErrorCode.ShouldBe(ErrorCode.None);
        byId.Responses.Count(topic => topic.ErrorCode == ErrorCode.UnknownTopicId).ShouldBe(1);
        byId.Responses.Count(topic => topic.ErrorCode == ErrorCode.InvalidRequest).ShouldBe(1);

        (await client.ProduceAsync(first, Wire.Batch("x"))).ErrorCode.ShouldBe(ErrorCode.UnknownTopicOrPartition);
        await client.CreateTopicAsync(first);
        (await client.LatestOffsetAsync(first)).ShouldBe(0, "a topic of the same name is another topic");
    }

    [Fact]
    public async Task Deletion_OfTheBrokersOwnTopics_IsRefused()
    {
        await using var client = await fixture.ConnectAsync();
        await client.SendAsync(new FindCoordinatorRequest { Key = "g" }, 3);
        var response = await client.SendAsync(new DeleteTopicsRequest { TopicNames = ["__consumer_offsets"], TimeoutMs = 5000 }, 5);
        response.Responses[0].ErrorCode.ShouldBe(ErrorCode.InvalidRequest);
    }

    [Fact]
    public async Task Deletion_WhereItIsDisabled_IsRefused()
    {
        await using var broker = await TestKit.TestBroker.StartAsync(("delete.topic.enable", "false"));
        await using var client = await broker.ConnectAsync();
        await client.CreateTopicAsync("kept");
        var response = await client.SendAsync(new DeleteTopicsRequest { TopicNames = ["kept"], TimeoutMs = 5000 }, 5);
        response.Responses[0].ErrorCode.ShouldBe(ErrorCode.TopicDeletionDisabled);
    }

    [Fact]
    public async Task Partitions_CanOnlyBecomeMore()
    {
        await using var client = await fixture.ConnectAsync();
        var name = fixture.NewName();
        await client.CreateTopicAsync(name, 2);
        (await GrowAsync(client, name, 4)).ErrorCode.ShouldBe(ErrorCode.None);
        (await client.ProduceAsync(name, Wire.Batch("x"), partition: 3)).ErrorCode.ShouldBe(ErrorCode.None);
        var smaller = await GrowAsync(client, name, 1);
        smaller.ErrorCode.ShouldBe(ErrorCode.InvalidPartitions);
        smaller.ErrorMessage.ShouldNotBeNullOrEmpty();
        (await GrowAsync(client, "not-there", 3)).ErrorCode.ShouldBe(ErrorCode.UnknownTopicOrPartition);
    }

    private static async Task<CreatePartitionsResponse.CreatePartitionsTopicResult> GrowAsync(KafkaConnection client, string name, int count) =>
        (await client.SendAsync(new CreatePartitionsRequest { Topics = [new() { Name = name, Count = count, Assignments = null }], TimeoutMs = 5000 }, 3))
        .Results[0];

    private static CreateTopicsRequest Create(string name, int partitions = 1, short replicas = 1) => new()
    {
        Topics = [new() { Name = name, NumPartitions = partitions, ReplicationFactor = replicas }],
        TimeoutMs = 5000,
    };
}

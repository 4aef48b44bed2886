using SchemaStream.Protocol;
using SchemaStream.Protocol.Client;
using SchemaStream.Protocol.Messages;
using SchemaStream.TestKit;

namespace SchemaStream.Broker.Tests.Handlers;

public sealed class AdministrationTests(BrokerFixture fixture) : IClassFixture<BrokerFixture>
{
    private const sbyte Topic = 2;
    private const sbyte Broker = 4;
    private const sbyte BrokerLogger = 8;
    private const sbyte ClientMetrics = 16;
    private const sbyte Group = 32;

    [Fact]
    public async Task LogDirs_TellSizes_OfWhatIsAskedFor()
    {
        await using var client = await fixture.ConnectAsync();
        var (one, other) = (fixture.NewName(), fixture.NewName());
        await client.CreateTopicAsync(one, partitions: 2);
        await client.CreateTopicAsync(other);
        await client.ProduceAsync(one, Wire.Batch(new string('x', 5_000)));

        var all = (await client.SendAsync(new DescribeLogDirsRequest { Topics = null }, 4).WaitAsync(TestTime.Limit)).Results.ShouldHaveSingleItem();
        all.LogDir.ShouldBe(fixture.Broker.DataDirectory);
        all.TotalBytes.ShouldBeGreaterThan(all.UsableBytes);
        all.UsableBytes.ShouldBeGreaterThan(0);
        all.Topics.ShouldContain(topic => topic.Name == other);
        var partitions = all.Topics.Single(topic => topic.Name == one).Partitions;
        partitions.Select(partition => partition.PartitionIndex).ShouldBe([0, 1]);
        partitions[0].PartitionSize.ShouldBeGreaterThan(5_000);
        (partitions[1].PartitionSize, partitions[1].OffsetLag).ShouldBe((0L, 0L));

        var some = await client.SendAsync(
            new DescribeLogDirsRequest { Topics = [new() { Topic = one, Partitions = [1, 7] }, new() { Topic = "not-there", Partitions = [0] }] }, 1);
        some.Results[0].Topics.ShouldHaveSingleItem().Partitions.ShouldHaveSingleItem().PartitionIndex.ShouldBe(1);
    }

    [Fact]
    public async Task Features_AreUpdated_AllOrNone()
    {
        await using var client = await fixture.ConnectAsync();
        var down = await UpdateAsync(client, 2, ("group.version", 0, 2));
        (down.ErrorCode, down.ErrorMessage).ShouldBe((ErrorCode.None, null));
        (await FeaturesAsync(client)).ShouldNotContain("group.version");
        var up = await UpdateAsync(client, 1, ("group.version", 1, 1));
        up.ErrorCode.ShouldBe(ErrorCode.None);
        up.Results.ShouldHaveSingleItem().Feature.ShouldBe("group.version");
        (await FeaturesAsync(client)).ShouldContain("group.version");

        var refused = await UpdateAsync(client, 2, ("group.version", 0, 2), ("transaction.version", 9, 1));
        refused.ErrorCode.ShouldBe(ErrorCode.InvalidUpdateVersion);
        refused.ErrorMessage!.ShouldContain("transaction.version");
        (await FeaturesAsync(client)).ShouldContain("group.version");
    }

    [Fact]
    public async Task Groups_AreOfTheirOwnTimes_AndOfNoUseWithoutTheirFeature()
    {
        await using var broker = await TestBroker.StartAsync(("offsets.topic.num.partitions", "1"));
        await using var client = await broker.ConnectAsync();
        await client.FindCoordinatorAsync("g");
        await AlterAsync(client, Group, "g", ("consumer.heartbeat.interval.ms", "1234", 0));
        (await JoinAsync(client, "g")).HeartbeatIntervalMs.ShouldBe(1234);
        (await JoinAsync(client, "other")).HeartbeatIntervalMs.ShouldBe(5000);
        await UpdateAsync(client, 2, ("group.version", 0, 2));
        (await JoinAsync(client, "g")).ErrorCode.ShouldBe(ErrorCode.UnsupportedVersion);
    }

    private static Task<ConsumerGroupHeartbeatResponse> JoinAsync(KafkaConnection client, string group) => client.SendAsync(
        new ConsumerGroupHeartbeatRequest
        {
            GroupId = group,
            MemberId = Guid.NewGuid().ToString(),
            MemberEpoch = 0,
            RebalanceTimeoutMs = 10_000,
            SubscribedTopicNames = ["any"],
            TopicPartitions = [],
        },
        1).WaitAsync(TestTime.Limit);

    [Fact]
    public async Task Acls_AndSasl_AreNotToBeHadHere()
    {
        await using var client = await fixture.ConnectAsync();
        (await client.SendAsync(new DescribeAclsRequest { ResourceTypeFilter = 1, PatternTypeFilter = 1, Operation = 1, PermissionType = 1 }, 3))
            .ErrorCode.ShouldBe(ErrorCode.SecurityDisabled);
        var created = await client.SendAsync(new CreateAclsRequest { Creations = [new(), new()] }, 3);
        created.Results.Select(result => result.ErrorCode).ShouldBe([ErrorCode.SecurityDisabled, ErrorCode.SecurityDisabled]);
        (await client.SendAsync(new DeleteAclsRequest { Filters = [new()] }, 3)).FilterResults.ShouldHaveSingleItem().ErrorCode.ShouldBe(ErrorCode.SecurityDisabled);
        (await client.SendAsync(new SaslHandshakeRequest { Mechanism = "PLAIN" }, 1)).ErrorCode.ShouldBe(ErrorCode.IllegalSaslState);
        (await client.SendAsync(new SaslAuthenticateRequest { AuthBytes = new byte[] { 1 } }, 2)).ErrorCode.ShouldBe(ErrorCode.IllegalSaslState);
    }

    [Fact]
    public async Task ScramCredentials_AreSetAndDescribed_NeverShown()
    {
        await using var client = await fixture.ConnectAsync();
        var set = await client.SendAsync(
            new AlterUserScramCredentialsRequest
            {
                Upsertions = [new() { Name = "ann", Mechanism = 1, Iterations = 8192, Salt = new byte[] { 1, 2 }, SaltedPassword = new byte[] { 3, 4 } }],
                Deletions = [new() { Name = "bob", Mechanism = 2 }],
            },
            0).WaitAsync(TestTime.Limit);
        set.Results.Select(result => (result.User, result.ErrorCode)).ShouldBe(
            [("bob", ErrorCode.ResourceNotFound), ("ann", ErrorCode.None)], ignoreOrder: true);

        var all = await client.SendAsync(new DescribeUserScramCredentialsRequest { Users = null }, 0);
        var info = all.Results.ShouldHaveSingleItem().CredentialInfos.ShouldHaveSingleItem();
        (all.Results[0].User, info.Mechanism, info.Iterations).ShouldBe(("ann", (sbyte)1, 8192));
        var asked = await client.SendAsync(
            new DescribeUserScramCredentialsRequest { Users = [new() { Name = "ann" }, new() { Name = "cat" }, new() { Name = "dog" }, new() { Name = "dog" }] }, 0);
        asked.Results.Select(result => (result.User, result.ErrorCode)).ShouldBe(
            [("ann", ErrorCode.None), ("cat", ErrorCode.ResourceNotFound), ("dog", ErrorCode.DuplicateResource)]);
    }

    [Fact]
    public async Task WhatAClientMayDo_IsToldToWhoAsks()
    {
        await using var client = await fixture.ConnectAsync();
        var topic = fixture.NewName();
        await client.CreateTopicAsync(topic);
        const int ofTopic = 0b1101_1111_1000;
        var metadata = await client.SendAsync(
            new MetadataRequest { Topics = [new() { Name = topic }, new() { Name = "not there" }], IncludeTopicAuthorizedOperations = true, IncludeClusterAuthorizedOperations = true }, 10);
        metadata.Topics.Select(one => one.TopicAuthorizedOperations).ShouldBe([ofTopic, int.MinValue]);
        metadata.ClusterAuthorizedOperations.ShouldBe(0b1_1111_1010_0000);
        (await client.SendAsync(new MetadataRequest { Topics = [new() { Name = topic }] }, 12)).Topics[0].TopicAuthorizedOperations.ShouldBe(int.MinValue);
        (await client.SendAsync(new DescribeClusterRequest { IncludeClusterAuthorizedOperations = true }, 2)).ClusterAuthorizedOperations.ShouldBe(0b1_1111_1010_0000);
        (await client.SendAsync(new DescribeTopicPartitionsRequest { Topics = [new() { Name = topic }] }, 0)).Topics[0].TopicAuthorizedOperations.ShouldBe(ofTopic);
    }

    [Fact]
    public async Task Resources_WithConfigs_AreListedByType()
    {
        await using var client = await fixture.ConnectAsync();
        var topic = fixture.NewName();
        await client.CreateTopicAsync(topic);
        await AlterAsync(client, ClientMetrics, "listed", ("metrics", "*", 0));
        await AlterAsync(client, Group, "listed-group", ("consumer.session.timeout.ms", "50000", 0));

        var old = await client.SendAsync(new ListConfigResourcesRequest(), 0);
        old.ConfigResources.Select(resource => resource.ResourceName).ShouldContain("listed");
        old.ConfigResources.ShouldAllBe(resource => resource.ResourceType == ClientMetrics);
        var all = (await client.SendAsync(new ListConfigResourcesRequest(), 1)).ConfigResources
            .Select(resource => (resource.ResourceType, resource.ResourceName)).ToArray();
        all.ShouldContain((Topic, topic));
        all.ShouldContain((Broker, "1"));
        all.ShouldContain((BrokerLogger, "1"));
        all.ShouldContain((ClientMetrics, "listed"));
        all.ShouldContain((Group, "listed-group"));
        (await client.SendAsync(new ListConfigResourcesRequest { ResourceTypes = [Group] }, 1)).ConfigResources
            .ShouldAllBe(resource => resource.ResourceType == Group);
        (await client.SendAsync(new ListConfigResourcesRequest { ResourceTypes = [99] }, 1)).ErrorCode.ShouldBe(ErrorCode.UnsupportedVersion);
    }

    [Fact]
    public async Task ConfigsOfGroupsAndSubscriptions_AreCheckedAndShown()
    {
        await using var client = await fixture.ConnectAsync();
        (await AlterAsync(client, Group, "g", ("consumer.heartbeat.interval.ms", "1000", 0))).ShouldBe(ErrorCode.None);
        (await AlterAsync(client, Group, "g", ("retention.ms", "1", 0))).ShouldBe(ErrorCode.InvalidConfig);
        (await AlterAsync(client, Group, "", ("consumer.heartbeat.interval.ms", "1", 0))).ShouldBe(ErrorCode.InvalidRequest);
        var group = (await DescribeAsync(client, Group, "g")).Configs.ToDictionary(config => config.Name);
        (group["consumer.heartbeat.interval.ms"].Value, group["consumer.heartbeat.interval.ms"].ConfigSource).ShouldBe(("1000", (sbyte)8));
        (group["consumer.session.timeout.ms"].Value, group["consumer.session.timeout.ms"].ConfigSource).ShouldBe(("45000", (sbyte)5));

        (await AlterAsync(client, ClientMetrics, "s", ("metrics", "a.,b.", 0), ("interval.ms", "1000", 0))).ShouldBe(ErrorCode.None);
        (await AlterAsync(client, ClientMetrics, "s", ("metrics", "c.", 2))).ShouldBe(ErrorCode.None);
        (await AlterAsync(client, ClientMetrics, "s", ("metrics", "a.", 3))).ShouldBe(ErrorCode.None);
        (await AlterAsync(client, ClientMetrics, "s", ("interval.ms", "1", 0))).ShouldBe(ErrorCode.InvalidConfig);
        (await AlterAsync(client, ClientMetrics, "s", ("match", "nothing=x", 0))).ShouldBe(ErrorCode.InvalidConfig);
        (await AlterAsync(client, ClientMetrics, "s", ("match", "client_id=(", 0))).ShouldBe(ErrorCode.InvalidConfig);
        var subscription = (await DescribeAsync(client, ClientMetrics, "s")).Configs.ToDictionary(config => config.Name);
        (subscription["metrics"].Value, subscription["metrics"].ConfigSource).ShouldBe(("b.,c.", (sbyte)7));
        (await DescribeAsync(client, ClientMetrics, "not-there")).Configs.ShouldBeEmpty();
        (await DescribeAsync(client, ClientMetrics, "")).ErrorCode.ShouldBe(ErrorCode.InvalidRequest);

        (await DescribeAsync(client, BrokerLogger, "1")).ErrorCode.ShouldBe(ErrorCode.None);
        (await DescribeAsync(client, BrokerLogger, "2")).ErrorCode.ShouldBe(ErrorCode.InvalidRequest);
        (await AlterAsync(client, BrokerLogger, "1", ("root", "DEBUG", 0))).ShouldBe(ErrorCode.InvalidRequest);
    }

    [Fact]
    public async Task DefaultsOfTopics_ChangeWhileTheBrokerRuns_AndTakeEffect()
    {
        await using var broker = await TestBroker.StartAsync(("log.retention.hours", "5"));
        await using var client = await broker.ConnectAsync();
        await client.CreateTopicAsync("old");
        (await AlterAsync(client, Broker, "", ("message.max.bytes", "300", 0), ("log.retention.ms", "77000", 0))).ShouldBe(ErrorCode.None);
        await client.CreateTopicAsync("young");
        foreach (var topic in new[] { "old", "young" })
        {
            (await client.ProduceAsync(topic, Wire.Batch(new string('x', 500)))).ErrorCode.ShouldBe(ErrorCode.MessageTooLarge);
            var retention = (await DescribeAsync(client, Topic, topic)).Configs.Single(config => config.Name == "retention.ms");
            (retention.Value, retention.ConfigSource).ShouldBe(("77000", (sbyte)3));
            retention.Synonyms.Select(synonym => (synonym.Name, synonym.Value, synonym.Source)).ShouldBe(
                [("log.retention.ms", "77000", (sbyte)3), ("log.retention.hours", "5", (sbyte)4), ("log.retention.ms", "604800000", (sbyte)5)]);
        }

        (await AlterAsync(client, Broker, "1", ("message.max.bytes", "3000", 0))).ShouldBe(ErrorCode.None);
        (await client.ProduceAsync("old", Wire.Batch(new string('x', 500)))).ErrorCode.ShouldBe(ErrorCode.None);
        (await AlterAsync(client, Broker, "1", ("min.insync.replicas", "2", 0))).ShouldBe(ErrorCode.InvalidConfig);
        (await AlterAsync(client, Broker, "", ("min.insync.replicas", "2", 0))).ShouldBe(ErrorCode.None);
        (await DescribeAsync(client, Topic, "old")).Configs.Single(config => config.Name == "min.insync.replicas").Value.ShouldBe("2");
        (await AlterAsync(client, Broker, "", ("min.insync.replicas", null, 1), ("message.max.bytes", null, 1))).ShouldBe(ErrorCode.None);
        (await AlterAsync(client, Broker, "1", ("message.max.bytes", null, 1))).ShouldBe(ErrorCode.None);
        (await client.ProduceAsync("young", Wire.Batch(new string('x', 500)))).ErrorCode.ShouldBe(ErrorCode.None);
    }

    [Fact]
    public async Task MostConnectionsOfAnAddress_ChangeWhileTheBrokerRuns()
    {
        await using var broker = await TestBroker.StartAsync();
        await using var client = await broker.ConnectAsync();
        (await AlterAsync(client, Broker, "1", ("max.connections.per.ip", "1", 0))).ShouldBe(ErrorCode.None);
        await using (var second = await broker.ConnectAsync())
        {
            await Should.ThrowAsync<Exception>(second.SendAsync(new MetadataRequest { Topics = [] }, 9).WaitAsync(TestTime.Limit));
        }

        (await AlterAsync(client, Broker, "1", ("max.connections.per.ip", null, 1))).ShouldBe(ErrorCode.None);
        await using var third = await broker.ConnectAsync();
        (await third.SendAsync(new MetadataRequest { Topics = [] }, 9).WaitAsync(TestTime.Limit)).Brokers.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Clients_AreToldWhatToPush_AndPush()
    {
        await using var broker = await TestBroker.StartAsync();
        await using var client = await broker.ConnectAsync();
        await AlterAsync(client, ClientMetrics, "all", ("metrics", "*", 0), ("interval.ms", "100", 0), ("match", "client_id=te.*", 0));
        var subscription = await client.SendAsync(new GetTelemetrySubscriptionsRequest(), 0).WaitAsync(TestTime.Limit);
        subscription.ErrorCode.ShouldBe(ErrorCode.None);
        subscription.ClientInstanceId.ShouldNotBe(Guid.Empty);
        (subscription.PushIntervalMs, subscription.TelemetryMaxBytes, subscription.DeltaTemporality).ShouldBe((100, 1_048_576, true));
        subscription.RequestedMetrics.ShouldBe(["*"]);
        subscription.AcceptedCompressionTypes.ShouldBe([(sbyte)4, 3, 1, 2]);

        var push = new PushTelemetryRequest { ClientInstanceId = subscription.ClientInstanceId, SubscriptionId = subscription.SubscriptionId };
        (await client.SendAsync(push, 0)).ErrorCode.ShouldBe(ErrorCode.None);
        push.SubscriptionId++;
        push.Terminating = true;
        (await client.SendAsync(push, 0)).ErrorCode.ShouldBe(ErrorCode.UnknownSubscriptionId);
        push.ClientInstanceId = Guid.Empty;
        (await client.SendAsync(push, 0)).ErrorCode.ShouldBe(ErrorCode.InvalidRequest);
    }

    private static Task<UpdateFeaturesResponse> UpdateAsync(
        KafkaConnection client, short version, params (string Feature, short Level, sbyte Type)[] updates) => client.SendAsync(
        new UpdateFeaturesRequest
        {
            TimeoutMs = 10_000,
            FeatureUpdates = [.. updates.Select(update => new UpdateFeaturesRequest.FeatureUpdateKey
            {
                Feature = update.Feature,
                MaxVersionLevel = update.Level,
                UpgradeType = update.Type,
            })],
        },
        version).WaitAsync(TestTime.Limit);

    private static async Task<IEnumerable<string>> FeaturesAsync(KafkaConnection client) =>
        (await client.SendAsync(new ApiVersionsRequest { ClientSoftwareName = "test", ClientSoftwareVersion = "1" }, 4))
            .FinalizedFeatures.Select(feature => feature.Name);

    private static async Task<DescribeConfigsResponse.DescribeConfigsResult> DescribeAsync(KafkaConnection client, sbyte type, string name) =>
        (await client.SendAsync(
            new DescribeConfigsRequest { Resources = [new() { ResourceType = type, ResourceName = name, ConfigurationKeys = null }], IncludeSynonyms = true },
            4).WaitAsync(TestTime.Limit)).Results[0];

    private static async Task<ErrorCode> AlterAsync(
        KafkaConnection client, sbyte type, string name, params (string Key, string? Value, sbyte Operation)[] changes)
    {
        var request = new IncrementalAlterConfigsRequest
        {
            Resources =
            [
                new()
                {
                    ResourceType = type,
                    ResourceName = name,
                    Configs = [.. changes.Select(change => new IncrementalAlterConfigsRequest.AlterableConfig
                    {
                        Name = change.Key,
                        Value = change.Value,
                        ConfigOperation = change.Operation,
                    })],
                },
            ],
        };
        return (await client.SendAsync(request, 1).WaitAsync(TestTime.Limit)).Responses[0].ErrorCode;
    }
}

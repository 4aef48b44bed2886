using Confluent.Kafka;
using Confluent.Kafka.Admin;
using SchemaStream.TestKit;

namespace SchemaStream.Broker.Tests.StockClients;

public sealed class AdminTests(BrokerFixture fixture) : IClassFixture<BrokerFixture>
{
    [Fact]
    public async Task Topics_AreCreatedDescribedChangedAndDeleted()
    {
        using var admin = NewAdmin();
        var topic = fixture.NewName();
        await admin.CreateTopicsAsync(
            [new TopicSpecification { Name = topic, NumPartitions = 2, ReplicationFactor = 1, Configs = new() { ["retention.ms"] = "5000" } }]);
        var described = await admin.DescribeTopicsAsync(TopicCollection.OfTopicNames([topic]));
        described.TopicDescriptions[0].Partitions.Count.ShouldBe(2);

        await admin.CreatePartitionsAsync([new PartitionsSpecification { Topic = topic, IncreaseTo = 5 }]);
        admin.GetMetadata(topic, TestTime.Limit).Topics[0].Partitions.Count.ShouldBe(5);

        var resource = new ConfigResource { Type = ResourceType.Topic, Name = topic };
        await admin.IncrementalAlterConfigsAsync(new Dictionary<ConfigResource, List<ConfigEntry>>
        {
            [resource] = [new ConfigEntry { Name = "segment.ms", Value = "60000", IncrementalOperation = AlterConfigOpType.Set }],
        });
        var configs = (await admin.DescribeConfigsAsync([resource]))[0].Entries;
        configs["retention.ms"].Value.ShouldBe("5000");
        configs["segment.ms"].Value.ShouldBe("60000");

        await admin.DeleteTopicsAsync([topic]);
        var error = await Should.ThrowAsync<DescribeTopicsException>(admin.DescribeTopicsAsync(TopicCollection.OfTopicNames([topic])));
        error.Results.TopicDescriptions[0].Error.Code.ShouldBe(ErrorCode.UnknownTopicOrPart);
    }

    [Fact]
    public async Task Cluster_AndItsBroker_AreDescribed()
    {
        using var admin = NewAdmin();
        var cluster = await admin.DescribeClusterAsync();
        cluster.Nodes.ShouldHaveSingleItem().Port.ShouldBe(fixture.Broker.Port);
        cluster.Controller.Id.ShouldBe(1);
        var broker = await admin.DescribeConfigsAsync([new ConfigResource { Type = ResourceType.Broker, Name = "1" }]);
        broker[0].Entries["num.partitions"].Value.ShouldBe("1");
    }

    [Fact]
    public async Task Groups_AreListedDescribedResetAndDeleted()
    {
        using var admin = NewAdmin();
        var (topic, groupId) = (fixture.NewName(), fixture.NewName("group"));
        await admin.CreateTopicsAsync([new TopicSpecification { Name = topic, NumPartitions = 1, ReplicationFactor = 1 }]);
        var partition = new Confluent.Kafka.TopicPartition(topic, 0);
        await admin.AlterConsumerGroupOffsetsAsync(
            [new ConsumerGroupTopicPartitionOffsets(groupId, [new TopicPartitionOffset(partition, 3)])]);
        var listed = await admin.ListConsumerGroupOffsetsAsync([new ConsumerGroupTopicPartitions(groupId, [partition])]);
        listed[0].Partitions[0].Offset.Value.ShouldBe(3);

        (await admin.ListConsumerGroupsAsync()).Valid.ShouldContain(group => group.GroupId == groupId);
        var described = await admin.DescribeConsumerGroupsAsync([groupId]);
        described.ConsumerGroupDescriptions[0].State.ShouldBe(ConsumerGroupState.Empty);
        await admin.DeleteGroupsAsync([groupId]);
        (await admin.ListConsumerGroupsAsync()).Valid.ShouldNotContain(group => group.GroupId == groupId);
    }

    [Fact]
    public async Task Records_AreDeletedAndOffsetsListed()
    {
        using var admin = NewAdmin();
        var topic = fixture.NewName();
        using var producer = new ProducerBuilder<Null, string>(
            new ProducerConfig { BootstrapServers = fixture.Broker.BootstrapServers }).Build();
        for (var i = 0; i < 5; i++)
        {
            await producer.ProduceAsync(topic, new Message<Null, string> { Value = $"{i}" });
        }

        var partition = new Confluent.Kafka.TopicPartition(topic, 0);
        await admin.DeleteRecordsAsync([new TopicPartitionOffset(partition, 2)]);
        var earliest = await admin.ListOffsetsAsync([new TopicPartitionOffsetSpec { TopicPartition = partition, OffsetSpec = OffsetSpec.Earliest() }]);
        earliest.ResultInfos[0].TopicPartitionOffsetError.Offset.Value.ShouldBe(2);
        var latest = await admin.ListOffsetsAsync([new TopicPartitionOffsetSpec { TopicPartition = partition, OffsetSpec = OffsetSpec.Latest() }]);
        latest.ResultInfos[0].TopicPartitionOffsetError.Offset.Value.ShouldBe(5);
    }

    [Fact]
    public async Task WhatAClientMayDo_IsDescribed()
    {
        using var admin = NewAdmin();
        var topic = fixture.NewName();
        await admin.CreateTopicsAsync([new TopicSpecification { Name = topic, NumPartitions = 1, ReplicationFactor = 1 }]);
        var topics = await admin.DescribeTopicsAsync(
            TopicCollection.OfTopicNames([topic]), new DescribeTopicsOptions { IncludeAuthorizedOperations = true });
        topics.TopicDescriptions[0].AuthorizedOperations.ShouldContain(AclOperation.AlterConfigs);
        var cluster = await admin.DescribeClusterAsync(new DescribeClusterOptions { IncludeAuthorizedOperations = true });
        cluster.AuthorizedOperations.ShouldContain(AclOperation.IdempotentWrite);
    }

    [Fact]
    public async Task Credentials_AreKept()
    {
        using var admin = NewAdmin();
        await admin.AlterUserScramCredentialsAsync(
        [
            new UserScramCredentialUpsertion
            {
                User = "ann",
                ScramCredentialInfo = new ScramCredentialInfo { Mechanism = ScramMechanism.ScramSha512, Iterations = 4096 },
                Password = [1, 2, 3],
                Salt = [4, 5, 6],
            },
        ]);
        var described = await admin.DescribeUserScramCredentialsAsync(["ann"]);
        described.UserScramCredentialsDescriptions[0].ScramCredentialInfos.ShouldHaveSingleItem().Iterations.ShouldBe(4096);
        await admin.AlterUserScramCredentialsAsync([new UserScramCredentialDeletion { User = "ann", Mechanism = ScramMechanism.ScramSha512 }]);
        await Should.ThrowAsync<DescribeUserScramCredentialsException>(admin.DescribeUserScramCredentialsAsync(["ann"]));
    }

    [Fact]
    public async Task AccessRules_AreNotToBeHad()
    {
        using var admin = NewAdmin();

        // librdkafka does not look at the error of DescribeAcls.
        var refused = await Should.ThrowAsync<CreateAclsException>(admin.CreateAclsAsync(
        [
            new AclBinding
            {
                Pattern = new ResourcePattern { Type = ResourceType.Topic, Name = "t", ResourcePatternType = ResourcePatternType.Literal },
                Entry = new AccessControlEntry
                {
                    Principal = "User:ann", Host = "*", Operation = AclOperation.Read, PermissionType = AclPermissionType.Allow,
                },
            },
        ]));
        refused.Results[0].Error.Code.ShouldBe(ErrorCode.SecurityDisabled);
    }

    private IAdminClient NewAdmin() =>
        new AdminClientBuilder(new AdminClientConfig { BootstrapServers = fixture.Broker.BootstrapServers }).Build();
}

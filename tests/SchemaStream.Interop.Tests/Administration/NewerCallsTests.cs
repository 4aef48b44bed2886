using Confluent.Kafka;
using Confluent.Kafka.Admin;

namespace SchemaStream.Interop.Tests.Administration;

/// <summary>The admin calls that came in recent years, with Confluent.Kafka on librdkafka 2.15.1.</summary>
public sealed class NewerCallsTests(StackFixture fixture) : IClassFixture<StackFixture>
{
    private const long FirstTime = 1_700_000_000_000;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task DescribeTopics_TellsIdLeaderAndReplicas()
    {
        await MakeAsync("described-topics", 3, records: 0);
        using var admin = NewAdmin();

        var answer = await admin.DescribeTopicsAsync(TopicCollection.OfTopicNames(["described-topics"]), new DescribeTopicsOptions());

        var topic = answer.TopicDescriptions.ShouldHaveSingleItem();
        topic.Error.IsError.ShouldBeFalse();
        topic.TopicId.ToString().ShouldNotBe(new Uuid(0, 0).ToString());
        topic.Partitions.Select(partition => partition.Partition).Order().ShouldBe([0, 1, 2]);
        topic.Partitions.ShouldAllBe(partition => partition.Leader!.Id == 1 && partition.ISR.Count == 1 && partition.Replicas.Count == 1);

        var missing = await Should.ThrowAsync<DescribeTopicsException>(
            () => admin.DescribeTopicsAsync(TopicCollection.OfTopicNames(["no-such-topic"]), new DescribeTopicsOptions()));
        missing.Results.TopicDescriptions[0].Error.Code.ShouldBe(Confluent.Kafka.ErrorCode.UnknownTopicOrPart);
    }

    [Fact]
    public async Task DescribeCluster_NamesControllerNodesAndId()
    {
        using var admin = NewAdmin();
        var answer = await admin.DescribeClusterAsync(new DescribeClusterOptions());

        answer.ClusterId.ShouldNotBeNullOrEmpty();
        answer.Controller!.Id.ShouldBe(1);
        var node = answer.Nodes.ShouldHaveSingleItem();
        $"{node.Host}:{node.Port}".ShouldBe(fixture.Stack.BootstrapServers);
    }

    [Fact]
    public async Task ListOffsets_FindsEarliestLatestTimeAndTheNewestTime()
    {
        await MakeAsync("listed-offsets", 1, records: 10);
        using var admin = NewAdmin();

        (await OffsetAsync(admin, OffsetSpec.Earliest())).Offset.Value.ShouldBe(0);
        (await OffsetAsync(admin, OffsetSpec.Latest())).Offset.Value.ShouldBe(10);
        (await OffsetAsync(admin, OffsetSpec.ForTimestamp(FirstTime + 3500))).Offset.Value.ShouldBe(4);
        var newest = await OffsetAsync(admin, OffsetSpec.MaxTimestamp());
        newest.Offset.Value.ShouldBe(9);

        static async Task<Confluent.Kafka.TopicPartitionOffsetError> OffsetAsync(IAdminClient admin, OffsetSpec spec)
        {
            var answer = await admin.ListOffsetsAsync(
                [new TopicPartitionOffsetSpec { TopicPartition = new Confluent.Kafka.TopicPartition("listed-offsets", 0), OffsetSpec = spec }],
                new ListOffsetsOptions { IsolationLevel = Confluent.Kafka.IsolationLevel.ReadCommitted });
            return answer.ResultInfos.ShouldHaveSingleItem().TopicPartitionOffsetError;
        }
    }

    [Fact]
    public async Task DeleteRecords_MovesTheStart()
    {
        await MakeAsync("deleted-records", 1, records: 10);
        using var admin = NewAdmin();
        var place = new Confluent.Kafka.TopicPartition("deleted-records", 0);

        var answer = await admin.DeleteRecordsAsync([new Confluent.Kafka.TopicPartitionOffset(place, 6)]);

        answer[0].Offset.Value.ShouldBe(6);
        using var consumer = new ConsumerBuilder<Ignore, Ignore>(new ConsumerConfig { BootstrapServers = fixture.Stack.BootstrapServers, GroupId = "-" }).Build();
        consumer.QueryWatermarkOffsets(place, Limit).Low.Value.ShouldBe(6);
    }

    [Fact]
    public async Task ElectLeaders_SaysThatThePreferredOneLeads()
    {
        await MakeAsync("elected", 1, records: 0);
        using var admin = NewAdmin();

        var refused = await Should.ThrowAsync<ElectLeadersException>(() => admin.ElectLeadersAsync(
            ElectionType.Preferred, [new Confluent.Kafka.TopicPartition("elected", 0)], new ElectLeadersOptions()));

        refused.Results.TopicPartitions[0].Error.Code.ShouldBe(Confluent.Kafka.ErrorCode.ElectionNotNeeded);
    }

    [Fact]
    public async Task IncrementalAlterConfigs_AppendsAndTakesAway_AndTellsTheSource()
    {
        await MakeAsync("altered", 1, records: 0);
        using var admin = NewAdmin();
        var resource = new ConfigResource { Type = ResourceType.Topic, Name = "altered" };

        await admin.IncrementalAlterConfigsAsync(new Dictionary<ConfigResource, List<ConfigEntry>>
        {
            [resource] =
            [
                new ConfigEntry { Name = "cleanup.policy", Value = "compact", IncrementalOperation = AlterConfigOpType.Append },
                new ConfigEntry { Name = "retention.ms", Value = "1000000", IncrementalOperation = AlterConfigOpType.Set },
            ],
        });
        var altered = (await admin.DescribeConfigsAsync([resource]))[0].Entries;
        altered["cleanup.policy"].Value.Split(',').Order().ShouldBe(["compact", "delete"]);
        altered["retention.ms"].Source.ShouldBe(ConfigSource.DynamicTopicConfig);
        altered["segment.bytes"].IsDefault.ShouldBeTrue();

        await admin.IncrementalAlterConfigsAsync(new Dictionary<ConfigResource, List<ConfigEntry>>
        {
            [resource] =
            [
                new ConfigEntry { Name = "cleanup.policy", Value = "delete", IncrementalOperation = AlterConfigOpType.Subtract },
                new ConfigEntry { Name = "retention.ms", IncrementalOperation = AlterConfigOpType.Delete },
            ],
        });
        var back = (await admin.DescribeConfigsAsync([resource]))[0].Entries;
        back["cleanup.policy"].Value.ShouldBe("compact");
        back["retention.ms"].IsDefault.ShouldBeTrue();
    }

    [Fact]
    public async Task GroupOffsets_AreListedAlteredAndDeleted()
    {
        await MakeAsync("group-offsets", 2, records: 4);
        using var admin = NewAdmin();
        var places = Enumerable.Range(0, 2).Select(partition => new Confluent.Kafka.TopicPartition("group-offsets", partition)).ToList();

        await admin.AlterConsumerGroupOffsetsAsync(
            [new ConsumerGroupTopicPartitionOffsets("offsets-group", [.. places.Select(place => new Confluent.Kafka.TopicPartitionOffset(place, 3))])]);
        (await ListAsync()).ShouldBe([3, 3]);

        await admin.DeleteConsumerGroupOffsetsAsync("offsets-group", [places[0]]);
        (await ListAsync()).ShouldBe([Offset.Unset.Value, 3]);
        await admin.DeleteGroupsAsync(["offsets-group"]);

        async Task<List<long>> ListAsync()
        {
            var listed = await admin.ListConsumerGroupOffsetsAsync(
                [new ConsumerGroupTopicPartitions("offsets-group", places)], new ListConsumerGroupOffsetsOptions { RequireStableOffsets = true });
            return [.. listed[0].Partitions.OrderBy(found => found.Partition.Value).Select(found => found.Offset.Value)];
        }
    }

    [Fact]
    public async Task Acls_WithoutAnAuthorizer_AreRefusedAsKafkaRefusesThem()
    {
        using var admin = NewAdmin();
        var binding = new AclBinding
        {
            Pattern = new ResourcePattern { Type = ResourceType.Topic, Name = "any", ResourcePatternType = ResourcePatternType.Literal },
            Entry = new AccessControlEntry
            {
                Principal = "User:someone", Host = "*", Operation = AclOperation.Read, PermissionType = AclPermissionType.Allow,
            },
        };

        var refused = await Should.ThrowAsync<CreateAclsException>(() => admin.CreateAclsAsync([binding]));

        refused.Results[0].Error.Code.ShouldBe(Confluent.Kafka.ErrorCode.SecurityDisabled);
    }

    /// <summary>A topic whose partition 0 has so many records, a second apart.</summary>
    private async Task MakeAsync(string topic, int partitions, int records)
    {
        await Clusters.Topics.CreateAsync(fixture.Stack.BootstrapServers, topic, partitions, replicationFactor: 1, minInSync: 1);
        using var producer = new ProducerBuilder<Null, string>(new ProducerConfig { BootstrapServers = fixture.Stack.BootstrapServers }).Build();
        for (var i = 0; i < records; i++)
        {
            await producer.ProduceAsync(new Confluent.Kafka.TopicPartition(topic, 0), new Message<Null, string>
            {
                Value = $"{i}", Timestamp = new Confluent.Kafka.Timestamp(FirstTime + (i * 1000), TimestampType.CreateTime),
            });
        }
    }

    private IAdminClient NewAdmin() => new AdminClientBuilder(new AdminClientConfig { BootstrapServers = fixture.Stack.BootstrapServers }).Build();
}

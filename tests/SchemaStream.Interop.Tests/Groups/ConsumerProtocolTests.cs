using System.Diagnostics;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
using SchemaStream.Interop.Tests.Clients;

namespace SchemaStream.Interop.Tests.Groups;

/// <summary>KIP-848 with Confluent.Kafka on librdkafka 2.15.1: <c>group.protocol=consumer</c>.</summary>
public sealed class ConsumerProtocolTests(NewGroupsFixture fixture) : IClassFixture<NewGroupsFixture>
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(45);

    [Theory]
    [InlineData("uniform")]
    [InlineData("range")]
    public async Task Members_ComeAndGo_AndNothingIsLeftOutOrReadTwice(string assignor)
    {
        var topic = await NewTopicAsync($"members-{assignor}", 6);
        using var group = new GroupMembers(() => NewMember(topic, config => config.GroupRemoteAssignor = assignor), topic);
        group.Join();
        group.Settle(6);
        await ProduceAsync(topic, 6, 5);
        group.ReadAndCommit(30).ShouldBe(30);
        group.Join();
        group.Join();
        group.Settle(2, 2, 2);
        await ProduceAsync(topic, 6, 50);
        group.ReadAndCommit(300).ShouldBe(300);
        group.Leave();
        group.Settle(3, 3);
        await ProduceAsync(topic, 6, 10);
        group.ReadAndCommit(60).ShouldBe(60);
        group.Twice.ShouldBe(0);
    }

    [Fact]
    public async Task StaticMember_ThatIsBackInTime_HasItsPartitionsAgain()
    {
        var topic = await NewTopicAsync("static", 4);
        using var group = new GroupMembers(() => NewMember(topic), topic);
        group.Join();
        var first = NewMember(topic, config => config.GroupInstanceId = "one");
        first.Subscribe(topic);
        var owned = await SettleAsync(group, first, 2);
        first.Close(); // a static member's leave is a pause
        first.Dispose();
        group.Members[0].Assignment.Count.ShouldBe(2);

        using var again = NewMember(topic, config => config.GroupInstanceId = "one");
        again.Subscribe(topic);
        (await SettleAsync(group, again, 2)).ShouldBe(owned);
        again.Close();
    }

    [Fact]
    public async Task Subscription_ByPattern_FollowsTopicsThatAreMadeLater()
    {
        var first = await NewTopicAsync("pattern-one", 2);
        using var member = NewMember("by-pattern");
        member.Subscribe("^pattern-.*");
        await UntilAsync(member, () => member.Assignment.Count == 2, () => $"{member.Assignment.Count} partitions");
        member.Assignment.ShouldAllBe(partition => partition.Topic == first);

        await NewTopicAsync("pattern-two", 3);
        await NewTopicAsync("another-pattern", 1);

        await UntilAsync(member, () => member.Assignment.Count == 5, () => string.Join(", ", member.Assignment));
        member.Close();
    }

    [Fact]
    public async Task ClassicMembers_AreUpgradedWhileTheyRead()
    {
        var topic = await NewTopicAsync("upgraded", 6);
        var isNew = false;
        using var group = new GroupMembers(() => isNew ? NewMember(topic) : NewClassicMember(topic), topic);
        group.Join();
        group.Join();
        group.Settle(3, 3);
        await ProduceAsync(topic, 6, 10);
        group.ReadAndCommit(60).ShouldBe(60);

        isNew = true;
        group.Leave();
        group.Join();
        group.Settle(3, 3);
        await ProduceAsync(topic, 6, 10);
        group.ReadAndCommit(60).ShouldBe(60);

        (await DescribeAsync(topic)).Members.Count.ShouldBe(2);
        group.Twice.ShouldBe(0);
    }

    [Fact]
    public async Task Group_IsListedByItsType_AndDescribedWithItsMembers()
    {
        var topic = await NewTopicAsync("described", 4);
        using var group = new GroupMembers(() => NewMember(topic, config => config.ClientId = "described-member"), topic);
        group.Join();
        group.Settle(4);

        var described = await DescribeAsync(topic);
        described.State.ShouldBe(ConsumerGroupState.Stable);
        described.PartitionAssignor.ShouldBe("uniform");
        var member = described.Members.ShouldHaveSingleItem();
        member.ClientId.ShouldBe("described-member");
        member.Assignment.TopicPartitions.Count.ShouldBe(4);

        using var admin = NewAdmin();
        var listed = await admin.ListConsumerGroupsAsync(new ListConsumerGroupsOptions
        {
            MatchTypes = [ConsumerGroupType.Consumer], MatchStates = [ConsumerGroupState.Stable],
        });
        listed.Valid.ShouldContain(found => found.GroupId == topic && found.Type == ConsumerGroupType.Consumer);
        (await admin.ListConsumerGroupsAsync(new ListConsumerGroupsOptions { MatchTypes = [ConsumerGroupType.Classic] }))
            .Valid.ShouldNotContain(found => found.GroupId == topic);
    }

    [Fact]
    public async Task Commit_IsResumedBehind_AndAGroupWithoutMembersIsDeleted()
    {
        var topic = await NewTopicAsync("resumed", 1);
        await ProduceAsync(topic, 1, 100);
        using (var first = NewMember(topic))
        {
            first.Subscribe(topic);
            ConsumeResult<string?, string?>? last = null;
            for (var read = 0; read < 40; read++)
            {
                last = first.Consume(Limit).ShouldNotBeNull();
            }

            first.Commit(last);
            first.Close();
        }

        using (var second = NewMember(topic))
        {
            second.Subscribe(topic);
            second.Consume(Limit).ShouldNotBeNull().Offset.Value.ShouldBe(40);
            second.Close();
        }

        using var admin = NewAdmin();
        await admin.DeleteGroupsAsync([topic]);
        (await admin.ListConsumerGroupsAsync()).Valid.ShouldNotContain(found => found.GroupId == topic);
    }

    private async Task<ConsumerGroupDescription> DescribeAsync(string group)
    {
        using var admin = NewAdmin();
        return (await admin.DescribeConsumerGroupsAsync([group])).ConsumerGroupDescriptions.ShouldHaveSingleItem();
    }

    /// <summary>Turns of all, until the one beside the group has so many partitions and the group the rest.</summary>
    private static async Task<List<Confluent.Kafka.TopicPartition>> SettleAsync(GroupMembers group, IConsumer<string?, string?> beside, int share)
    {
        await UntilAsync(
            beside,
            () =>
            {
                group.Members[0].Consume(TimeSpan.FromMilliseconds(10));
                return beside.Assignment.Count == share && group.Members[0].Assignment.Count == share;
            },
            () => $"{beside.Assignment.Count} and {group.Members[0].Assignment.Count}");
        return [.. beside.Assignment.OrderBy(partition => partition.Partition.Value)];
    }

    private static Task UntilAsync(IConsumer<string?, string?> member, Func<bool> holds, Func<string> found) => Task.Run(() =>
    {
        for (var watch = Stopwatch.StartNew(); !holds();)
        {
            watch.Elapsed.ShouldBeLessThan(Limit, $"it came to this only: {found()}");
            member.Consume(TimeSpan.FromMilliseconds(20));
        }
    });

    private async Task<string> NewTopicAsync(string topic, int partitions)
    {
        await Clusters.Topics.CreateAsync(fixture.Broker.BootstrapServers, topic, partitions, replicationFactor: 1, minInSync: 1);
        return topic;
    }

    private async Task ProduceAsync(string topic, int partitions, int each)
    {
        using var producer = new ProducerBuilder<Null, string>(new ProducerConfig { BootstrapServers = fixture.Broker.BootstrapServers, LingerMs = 5 }).Build();
        await Task.WhenAll(Enumerable.Range(0, partitions * each).Select(i => producer.ProduceAsync(
            new Confluent.Kafka.TopicPartition(topic, i % partitions), new Message<Null, string> { Value = $"{i}" })));
    }

    private IAdminClient NewAdmin() => new AdminClientBuilder(new AdminClientConfig { BootstrapServers = fixture.Broker.BootstrapServers }).Build();

    private IConsumer<string?, string?> NewMember(string group, Action<ConsumerConfig>? configure = null)
    {
        var config = Config(group);
        config.GroupProtocol = GroupProtocol.Consumer;
        configure?.Invoke(config);
        return Build(config);
    }

    private IConsumer<string?, string?> NewClassicMember(string group)
    {
        var config = Config(group);
        config.HeartbeatIntervalMs = 500;
        config.PartitionAssignmentStrategy = PartitionAssignmentStrategy.CooperativeSticky;
        return Build(config);
    }

    private ConsumerConfig Config(string group) => new()
    {
        BootstrapServers = fixture.Broker.BootstrapServers,
        GroupId = group,
        AutoOffsetReset = Confluent.Kafka.AutoOffsetReset.Earliest,
        EnableAutoCommit = false,
        TopicMetadataRefreshIntervalMs = 1000,
    };

    private static IConsumer<string?, string?> Build(ConsumerConfig config) =>
        new ConsumerBuilder<string?, string?>(config).SetErrorHandler((_, _) => { }).SetLogHandler((_, _) => { }).Build();
}

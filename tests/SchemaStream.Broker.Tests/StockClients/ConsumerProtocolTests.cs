using System.Collections.Concurrent;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
using SchemaStream.Protocol.Messages;
using SchemaStream.TestKit;

namespace SchemaStream.Broker.Tests.StockClients;

/// <summary>Consumer groups of the new protocol (KIP-848), as librdkafka speaks it.</summary>
public sealed class ConsumerProtocolTests : IAsyncLifetime
{
    private const int Partitions = 6;
    private TestBroker _broker = null!;

    public async Task InitializeAsync()
    {
        _broker = await TestBroker.StartAsync(
            ("offsets.topic.num.partitions", "2"),
            ("group.min.session.timeout.ms", "1000"),
            ("group.consumer.heartbeat.interval.ms", "100"));
        using var admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = _broker.BootstrapServers }).Build();
        await admin.CreateTopicsAsync(
            [new TopicSpecification { Name = "orders-1", NumPartitions = Partitions, ReplicationFactor = 1 }]);
    }

    public async Task DisposeAsync() => await _broker.DisposeAsync();

    [Fact]
    public async Task Group_OfThree_SharesPartitionsAsMembersComeAndGo()
    {
        await using var a = new Member(_broker, "orders-1");
        await UntilAsync("a has all", () => a.Assigned.Count == Partitions);
        await using var b = new Member(_broker, "orders-1");
        await using var c = new Member(_broker, "orders-1", instance: "c");
        await UntilAsync("they have two each", () =>
            (a.Assigned.Count, b.Assigned.Count, c.Assigned.Count) == (2, 2, 2));
        a.Assigned.Concat(b.Assigned).Concat(c.Assigned).Distinct().Count().ShouldBe(Partitions);

        await ProduceAsync("orders-1", 100);
        await UntilAsync("all is read", () => a.Read.Concat(b.Read).Concat(c.Read).Distinct().Count() == 100);
        (a.Read.Count + b.Read.Count + c.Read.Count).ShouldBe(100);

        await b.DisposeAsync();
        await UntilAsync("b's are given on", () => a.Assigned.Count + c.Assigned.Count == Partitions);
        var group = await DescribeAsync();
        (group.GroupState, group.AssignorName, group.Members.Count).ShouldBe(("Stable", "uniform", 2));
        group.Members.Select(member => member.InstanceId).ShouldBe(new[] { null, "c" }, ignoreOrder: true);
        group.Members.ShouldAllBe(member => member.MemberType == 1);

        using var admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = _broker.BootstrapServers }).Build();
        var listed = await admin.ListConsumerGroupsAsync(new ListConsumerGroupsOptions { MatchTypes = [ConsumerGroupType.Consumer] });
        var only = listed.Valid.ShouldHaveSingleItem();
        (only.GroupId, only.Type, only.State).ShouldBe(("readers", ConsumerGroupType.Consumer, ConsumerGroupState.Stable));
        var described = (await admin.DescribeConsumerGroupsAsync(["readers"])).ConsumerGroupDescriptions.Single();
        (described.GroupType, described.State, described.PartitionAssignor).ShouldBe((ConsumerGroupType.Consumer, ConsumerGroupState.Stable, "uniform"));
        described.Members.Sum(member => member.Assignment.TopicPartitions.Count).ShouldBe(Partitions);
    }

    [Fact]
    public async Task Group_ThatComesBack_GoesOnWhereItWas()
    {
        await ProduceAsync("orders-1", 50);
        await using (var first = new Member(_broker, "orders-1"))
        {
            await UntilAsync("the first 50 are read", () => first.Read.Count == 50);
        }

        await ProduceAsync("orders-1", 30);
        await _broker.RestartAsync();
        await using var second = new Member(_broker, "orders-1");
        await UntilAsync("the next 30 are read", () => second.Read.Count == 30);
        (await DescribeAsync()).Members.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Config_OfOneGroup_CountsForItsMembers()
    {
        await using var client = await _broker.ConnectAsync();
        await client.FindCoordinatorAsync("readers");
        var altered = await client.SendAsync(
            new IncrementalAlterConfigsRequest
            {
                Resources =
                [
                    new()
                    {
                        ResourceType = 32,
                        ResourceName = "readers",
                        Configs = [new() { Name = "consumer.heartbeat.interval.ms", Value = "321" }],
                    },
                ],
            },
            1);
        altered.Responses.Single().ErrorCode.ShouldBe(Protocol.ErrorCode.None);
        var joined = await client.SendAsync(
            new ConsumerGroupHeartbeatRequest
            {
                GroupId = "readers", MemberId = "me", RebalanceTimeoutMs = 1000, SubscribedTopicNames = ["orders-1"], TopicPartitions = [],
            },
            1);
        (joined.ErrorCode, joined.HeartbeatIntervalMs, joined.MemberEpoch).ShouldBe((Protocol.ErrorCode.None, 321, 1));
        joined.Assignment!.TopicPartitions.Single().Partitions.Count.ShouldBe(Partitions);
    }

    [Fact]
    public async Task RegularExpression_FindsTopicsThatComeLater()
    {
        await using var member = new Member(_broker, "^orders-.*");
        await UntilAsync("the first topic is found", () => member.Assigned.Count == Partitions);
        using var admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = _broker.BootstrapServers }).Build();
        await admin.CreateTopicsAsync([new TopicSpecification { Name = "orders-2", NumPartitions = 2, ReplicationFactor = 1 }]);
        await UntilAsync("the second topic is found", () => member.Assigned.Count == Partitions + 2);
        (await DescribeAsync()).Members[0].SubscribedTopicRegex.ShouldNotBeNull();
    }

    [Theory]
    [InlineData(PartitionAssignmentStrategy.Range)]
    [InlineData(PartitionAssignmentStrategy.CooperativeSticky)]
    public async Task Group_OfClassicMembers_MovesToTheNewProtocolAndBack(PartitionAssignmentStrategy strategy)
    {
        await using var old = new Member(_broker, "orders-1", strategy: strategy);
        await UntilAsync("the classic member has all", () => old.Assigned.Count == Partitions);
        await using (var young = new Member(_broker, "orders-1"))
        {
            await UntilAsync("both have half", () => (old.Assigned.Count, young.Assigned.Count) == (3, 3));
            (await DescribeAsync()).Members.Select(member => member.MemberType).ShouldBe(new sbyte[] { 0, 1 }, ignoreOrder: true);
            await ProduceAsync("orders-1", 60);
            await UntilAsync("both read", () => old.Read.Concat(young.Read).Distinct().Count() == 60);
        }

        await UntilAsync("the classic member has all again", () => old.Assigned.Count == Partitions);
        (await DescribeAsync()).ErrorCode.ShouldBe(Protocol.ErrorCode.GroupIdNotFound);
        await ProduceAsync("orders-1", 10);
        await UntilAsync("it goes on reading", () => old.Read.Count(text => text.StartsWith("10/", StringComparison.Ordinal)) == 10);
    }

    private async Task ProduceAsync(string topic, int count)
    {
        using var producer = new ProducerBuilder<Null, string>(
            new ProducerConfig { BootstrapServers = _broker.BootstrapServers }).Build();
        await Task.WhenAll(Enumerable.Range(0, count).Select(i =>
            producer.ProduceAsync(new Confluent.Kafka.TopicPartition(topic, i % Partitions), new Message<Null, string> { Value = $"{count}/{i}" })));
    }

    private async Task<ConsumerGroupDescribeResponse.DescribedGroup> DescribeAsync()
    {
        await using var client = await _broker.ConnectAsync();
        return (await client.SendAsync(new ConsumerGroupDescribeRequest { GroupIds = ["readers"] }, 1)).Groups.Single();
    }

    private static Task<bool> UntilAsync(string what, Func<bool> holds) =>
        Eventually.GetAsync(() => Task.FromResult(holds()), held => held, what);

    /// <summary>A consumer that polls on a thread of its own, as librdkafka wants it.</summary>
    private sealed class Member : IAsyncDisposable
    {
        private readonly CancellationTokenSource _ending = new();
        private readonly IConsumer<Ignore, string> _consumer;
        private readonly Task _polling;
        private volatile List<Confluent.Kafka.TopicPartition> _assigned = [];

        public Member(TestBroker broker, string topic, string? instance = null, PartitionAssignmentStrategy? strategy = null)
        {
            var config = new ConsumerConfig
            {
                BootstrapServers = broker.BootstrapServers,
                GroupId = "readers",
                GroupInstanceId = instance,
                AutoOffsetReset = AutoOffsetReset.Earliest,
                GroupProtocol = strategy is null ? GroupProtocol.Consumer : GroupProtocol.Classic,
                PartitionAssignmentStrategy = strategy,
                TopicMetadataRefreshIntervalMs = 500,
            };
            if (strategy is not null)
            {
                (config.HeartbeatIntervalMs, config.SessionTimeoutMs) = (100, 10_000);
            }

            _consumer = new ConsumerBuilder<Ignore, string>(config).Build();
            _consumer.Subscribe(topic);
            _polling = Task.Factory.StartNew(Poll, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        }

        public List<Confluent.Kafka.TopicPartition> Assigned => _assigned;

        public ConcurrentQueue<string> Read { get; } = [];

        public async ValueTask DisposeAsync()
        {
            if (!_ending.IsCancellationRequested)
            {
                await _ending.CancelAsync();
                await _polling;
                _consumer.Close();
                _consumer.Dispose();
                _assigned = [];
            }
        }

        private void Poll()
        {
            while (!_ending.IsCancellationRequested)
            {
                try
                {
                    if (_consumer.Consume(50) is { Message: { } message })
                    {
                        Read.Enqueue(message.Value);
                    }
                }
                catch (ConsumeException retried) when (!retried.Error.IsFatal)
                {
                    // A topic that a regular expression does not find yet, a coordinator that is starting.
                }

                _assigned = _consumer.Assignment;
            }
        }
    }
}

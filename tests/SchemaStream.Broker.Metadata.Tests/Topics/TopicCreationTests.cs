using SchemaStream.Broker.Metadata.Commands;
using SchemaStream.Broker.Metadata.Configs;
using SchemaStream.Protocol;

namespace SchemaStream.Broker.Metadata.Tests.Topics;

public sealed class TopicCreationTests
{
    private readonly ControllerDriver _cluster = ControllerDriver.WithBrokers(3);

    [Fact]
    public void Create_PlacesLeadersOnAllBrokers()
    {
        var created = _cluster.Create(new NewTopic("orders") { PartitionCount = 6, ReplicationFactor = 2 });

        created.ErrorCode.ShouldBe(ErrorCode.None);
        created.PartitionCount.ShouldBe(6);
        created.ReplicationFactor.ShouldBe(2);
        _cluster.Image.TryGetTopic("orders", out var byName).ShouldBeTrue();
        _cluster.Image.TryGetTopic(created.TopicId, out var byId).ShouldBeTrue();
        byId.ShouldBeSameAs(byName);
        byName!.Partitions.GroupBy(partition => partition.Leader).Select(group => group.Count()).ShouldBe([2, 2, 2]);
        byName.Partitions.ShouldAllBe(partition => partition.Leader == partition.Replicas[0] && partition.Isr.Length == 2);
    }

    [Fact]
    public void Create_WithoutNumbers_TakesTheClustersDefaults()
    {
        var cluster = ControllerDriver.WithBrokers(3, new ControllerOptions { DefaultPartitionCount = 4, DefaultReplicationFactor = 3 });
        var created = cluster.Create(new NewTopic("orders"));
        (created.PartitionCount, created.ReplicationFactor).ShouldBe((4, 3));
    }

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("a b")]
    [InlineData("Ärger")]
    [InlineData("a/b")]
    [InlineData("__cluster_metadata")]
    public void Create_WithANameThatIsNone_IsRefused(string name) =>
        _cluster.Create(new NewTopic(name)).ErrorCode.ShouldBe(ErrorCode.InvalidTopicException);

    [Fact]
    public void Create_WithALongName_IsRefusedFrom250CharactersOn()
    {
        _cluster.Create(new NewTopic(new string('a', 249))).ErrorCode.ShouldBe(ErrorCode.None);
        _cluster.Create(new NewTopic(new string('b', 250))).ErrorCode.ShouldBe(ErrorCode.InvalidTopicException);
    }

    [Fact]
    public void Create_WithANameThatDiffersInDotsOnly_Collides()
    {
        _cluster.Create(new NewTopic("a.b_c"));
        var collided = _cluster.Create(new NewTopic("a_b.c"));
        collided.ErrorCode.ShouldBe(ErrorCode.InvalidTopicException);
        collided.ErrorMessage!.ShouldContain("a.b_c");

        var inOneRequest = _cluster.Submit(new CreateTopicsCommand([new NewTopic("x.y"), new NewTopic("x_y")])).Topics;
        inOneRequest.Select(topic => topic.ErrorCode).ShouldBe([ErrorCode.None, ErrorCode.InvalidTopicException]);
    }

    [Fact]
    public void Create_OfATopicThatIsThere_SaysSoAndLeavesTheOthersAlone()
    {
        _cluster.Create(new NewTopic("orders"));
        var topics = _cluster.Submit(new CreateTopicsCommand([new NewTopic("orders"), new NewTopic("bills")])).Topics;
        topics.Select(topic => topic.ErrorCode).ShouldBe([ErrorCode.TopicAlreadyExists, ErrorCode.None]);
    }

    [Fact]
    public void Create_OfATopicTwiceInOneRequest_CreatesNeither()
    {
        var topics = _cluster.Submit(new CreateTopicsCommand([new NewTopic("a"), new NewTopic("b"), new NewTopic("a")])).Topics;
        topics.Select(topic => (topic.Name, topic.ErrorCode)).ShouldBe([("a", ErrorCode.InvalidRequest), ("b", ErrorCode.None)]);
        _cluster.Image.TryGetTopic("a", out _).ShouldBeFalse();
    }

    [Theory]
    [InlineData(0, 1, ErrorCode.InvalidPartitions)]
    [InlineData(-2, 1, ErrorCode.InvalidPartitions)]
    [InlineData(1, 0, ErrorCode.InvalidReplicationFactor)]
    [InlineData(1, -2, ErrorCode.InvalidReplicationFactor)]
    [InlineData(1, 4, ErrorCode.InvalidReplicationFactor)]
    [InlineData(10_001, 1, ErrorCode.PolicyViolation)]
    [InlineData(int.MaxValue, 1, ErrorCode.PolicyViolation)]
    public void Create_WithNumbersThatCannotBe_IsRefused(int partitions, int factor, ErrorCode expected) =>
        _cluster.Create(new NewTopic("orders") { PartitionCount = partitions, ReplicationFactor = factor }).ErrorCode.ShouldBe(expected);

    [Fact]
    public void Create_WhenABrokerIsFenced_TakesItOnlyIfThereIsNoOther()
    {
        _cluster.Fence(2);
        _cluster.Create(new NewTopic("a") { PartitionCount = 4, ReplicationFactor = 3 }).ErrorCode.ShouldBe(ErrorCode.None);
        for (var partition = 0; partition < 4; partition++)
        {
            _cluster.Partition("a", partition).Replicas[2].ShouldBe(2);
            _cluster.Partition("a", partition).Isr.ShouldBe([1, 3], ignoreOrder: true);
        }

        _cluster.Create(new NewTopic("b") { ReplicationFactor = 2 }).ErrorCode.ShouldBe(ErrorCode.None);
        _cluster.Partition("b", 0).Replicas.ShouldBe([1, 3], ignoreOrder: true);
    }

    [Fact]
    public void Create_WhenNoBrokerLives_IsRefused()
    {
        for (var broker = 1; broker <= 3; broker++)
        {
            _cluster.Fence(broker);
        }

        _cluster.Create(new NewTopic("a")).ErrorCode.ShouldBe(ErrorCode.InvalidReplicationFactor);
        _cluster.Image.ActiveBrokerCount.ShouldBe(0);
    }

    [Fact]
    public void Create_InOneRequest_IsBoundedOverItsTopics()
    {
        var topics = _cluster.Submit(new CreateTopicsCommand(
            [new NewTopic("a") { PartitionCount = 9_999 }, new NewTopic("b") { PartitionCount = 1 }, new NewTopic("c") { PartitionCount = 1 }], true)).Topics;
        topics.Select(topic => topic.ErrorCode).ShouldBe([ErrorCode.None, ErrorCode.None, ErrorCode.PolicyViolation]);
    }

    [Fact]
    public void Create_WithAssignments_FollowsThem()
    {
        _cluster.Fence(2);
        var created = _cluster.Create(new NewTopic("orders")
        {
            Assignments = [new PartitionAssignment(1, [3, 1]), new PartitionAssignment(0, [2, 1])],
        });

        created.ErrorCode.ShouldBe(ErrorCode.None);
        _cluster.Partition("orders", 0).Leader.ShouldBe(1, "2 is fenced");
        _cluster.Partition("orders", 0).Isr.ShouldBe([1]);
        _cluster.Partition("orders", 1).Leader.ShouldBe(3);
    }

    [Theory]
    [InlineData("0:1,1;1:2", "more than once")]
    [InlineData("0:1;0:2", "multiple manual partition assignments for partition 0")]
    [InlineData("0:1;2:2", "consecutive 0-based")]
    [InlineData("0:7", "no such broker is registered")]
    [InlineData("0:1,2;1:3", "not consistent")]
    [InlineData("0:", "empty replica list")]
    public void Create_WithAssignmentsThatCannotBe_SaysWhy(string assignments, string reason)
    {
        var created = _cluster.Create(new NewTopic("orders") { Assignments = Assignments(assignments) });
        created.ErrorCode.ShouldBe(ErrorCode.InvalidReplicaAssignment);
        created.ErrorMessage!.ShouldContain(reason);
    }

    [Fact]
    public void Create_WithAssignmentsAndNumbers_IsInvalid()
    {
        _cluster.Create(new NewTopic("orders") { PartitionCount = 1, Assignments = Assignments("0:1") }).ErrorCode.ShouldBe(ErrorCode.InvalidRequest);
        _cluster.Create(new NewTopic("orders") { ReplicationFactor = 1, Assignments = Assignments("0:1") }).ErrorCode.ShouldBe(ErrorCode.InvalidRequest);
    }

    [Fact]
    public void Create_WithConfigs_ShowsWhatApplies()
    {
        var created = _cluster.Create(new NewTopic("orders") { Configs = [new("retention.ms", "5000"), new("cleanup.policy", "compact,delete")] });

        var retention = created.Configs.Single(config => config.Name == "retention.ms");
        (retention.Value, retention.Source).ShouldBe(("5000", ConfigSource.DynamicTopicConfig));
        _cluster.Image.TopicsByName["orders"].Config.RetentionMs.ShouldBe(5000);
        _cluster.Image.TopicsByName["orders"].Config.CleanupCompact.ShouldBeTrue();
    }

    [Theory]
    [InlineData("retention.sm", "1", "Unknown topic config name: retention.sm")]
    [InlineData("message.downconversion.enable", "true", "removed in Kafka 4.0")]
    [InlineData("retention.ms", "soon", "retention.ms: Not a number")]
    [InlineData("min.insync.replicas", "0", "at least 1")]
    [InlineData("cleanup.policy", "burn", "cleanup.policy: String must be one of")]
    [InlineData("min.compaction.lag.ms", "9223372036854775807", null)]
    [InlineData("schemastream.value.type", "avro:not a name", "Avro needs full names")]
    [InlineData("retention.ms", null, "Null value")]
    public void Create_WithAConfigThatIsNone_NamesKeyAndReason(string key, string? value, string? reason)
    {
        var created = _cluster.Create(new NewTopic("orders") { Configs = [new(key, value)] });
        if (reason is null)
        {
            created.ErrorCode.ShouldBe(ErrorCode.None);
            return;
        }

        created.ErrorCode.ShouldBe(ErrorCode.InvalidConfig);
        created.ErrorMessage!.ShouldContain(reason);
        _cluster.Image.TryGetTopic("orders", out _).ShouldBeFalse();
    }

    [Fact]
    public void Create_WithLagsThatContradict_IsRefused()
    {
        var created = _cluster.Create(new NewTopic("orders")
        {
            Configs = [new("min.compaction.lag.ms", "10"), new("max.compaction.lag.ms", "5")],
        });
        created.ErrorCode.ShouldBe(ErrorCode.InvalidConfig);
        created.ErrorMessage!.ShouldContain("conflict");
    }

    [Fact]
    public void Create_ForValidationOnly_CreatesNothing()
    {
        var offset = _cluster.Image.Offset;
        var validated = _cluster.Submit(new CreateTopicsCommand([new NewTopic("orders") { PartitionCount = 2 }], ValidateOnly: true)).Topics.Single();
        (validated.ErrorCode, validated.PartitionCount, validated.TopicId).ShouldBe((ErrorCode.None, 2, Guid.Empty));
        _cluster.Image.Offset.ShouldBe(offset);
    }

    [Fact]
    public void TopicIds_AreRandomUuidsThatRepeatWithTheSeed()
    {
        var ids = Enumerable.Range(0, 2).Select(_ =>
        {
            var driver = new ControllerDriver(seed: 7);
            driver.Start(1);
            return driver.Create(new NewTopic("orders")).TopicId;
        }).ToArray();
        ids[0].ShouldBe(ids[1]);
        ids[0].Version.ShouldBe(4);
    }

    private static PartitionAssignment[] Assignments(string text) =>
        [.. text.Split(';').Select(item => item.Split(':')).Select(pair => new PartitionAssignment(
            int.Parse(pair[0]), pair[1].Length == 0 ? [] : [.. pair[1].Split(',').Select(int.Parse)]))];
}

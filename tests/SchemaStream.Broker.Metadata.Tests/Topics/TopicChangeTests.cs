using SchemaStream.Broker.Metadata.Commands;
using SchemaStream.Broker.Metadata.Configs;
using SchemaStream.Protocol;

namespace SchemaStream.Broker.Metadata.Tests.Topics;

public sealed class TopicChangeTests
{
    private readonly ControllerDriver _cluster = ControllerDriver.WithBrokers(3);

    [Fact]
    public void Delete_ByNameOrId_TakesTheTopicOutOfBothMaps()
    {
        var first = _cluster.Create(new NewTopic("a")).TopicId;
        var second = _cluster.Create(new NewTopic("b")).TopicId;
        var deleted = _cluster.Submit(new DeleteTopicsCommand([TopicSelector.ByName("a"), TopicSelector.ById(second)])).Topics;

        deleted.ShouldBe([new DeletedTopic("a", first, ErrorCode.None, null), new DeletedTopic("b", second, ErrorCode.None, null)]);
        _cluster.Image.TopicCount.ShouldBe(0);
        _cluster.Image.TryGetTopic(first, out _).ShouldBeFalse();
    }

    [Fact]
    public void Delete_OfATopicThatIsNamedTwice_LeavesItThere()
    {
        var id = _cluster.Create(new NewTopic("a")).TopicId;
        _cluster.Create(new NewTopic("b"));
        _cluster.Submit(new DeleteTopicsCommand([TopicSelector.ByName("a"), TopicSelector.ById(id), TopicSelector.ByName("b")]))
            .Topics.Select(topic => topic.ErrorCode).ShouldBe([ErrorCode.InvalidRequest, ErrorCode.InvalidRequest, ErrorCode.None]);
        _cluster.Image.TopicsByName.Keys.ShouldBe(["a"]);
    }

    [Fact]
    public void Delete_OfWhatIsNotThere_SaysSo()
    {
        var id = _cluster.Create(new NewTopic("a")).TopicId;
        var errors = _cluster.Submit(new DeleteTopicsCommand(
            [TopicSelector.ByName("x"), TopicSelector.ById(Guid.NewGuid()), new TopicSelector("a", id), TopicSelector.ByName("a")]))
            .Topics.Select(topic => topic.ErrorCode);
        errors.ShouldBe(
            [ErrorCode.UnknownTopicOrPartition, ErrorCode.UnknownTopicId, ErrorCode.InvalidRequest, ErrorCode.None]);
    }

    [Fact]
    public void Create_AfterDelete_IsAnotherTopicOfThatName()
    {
        var first = _cluster.Create(new NewTopic("a") { PartitionCount = 3, Configs = [new("retention.ms", "1")] }).TopicId;
        _cluster.Submit(new DeleteTopicsCommand([TopicSelector.ByName("a")]));
        var second = _cluster.Create(new NewTopic("a")).TopicId;

        second.ShouldNotBe(first);
        var restarted = _cluster.Restart().Image.TopicsByName["a"];
        restarted.TopicId.ShouldBe(second);
        restarted.Partitions.Length.ShouldBe(1);
        restarted.ConfigOverrides.ShouldBeEmpty();
    }

    [Fact]
    public void Grow_AddsPartitionsOfTheTopicsFactor()
    {
        _cluster.Create(new NewTopic("a") { PartitionCount = 2, ReplicationFactor = 2 });
        _cluster.Submit(new CreatePartitionsCommand([new PartitionGrowth("a", 5)])).Topics.Single().ErrorCode.ShouldBe(ErrorCode.None);

        _cluster.Image.TopicsByName["a"].Partitions.Length.ShouldBe(5);
        _cluster.Partition("a", 4).Replicas.Length.ShouldBe(2);
    }

    [Fact]
    public void Grow_WithAssignments_FollowsThem()
    {
        _cluster.Create(new NewTopic("a"));
        _cluster.Submit(new CreatePartitionsCommand([new PartitionGrowth("a", 3, [[2], [3]])]));
        _cluster.Partition("a", 1).Replicas.ShouldBe([2]);
        _cluster.Partition("a", 2).Replicas.ShouldBe([3]);
    }

    [Theory]
    [InlineData("a", 2, ErrorCode.InvalidPartitions)]
    [InlineData("a", 1, ErrorCode.InvalidPartitions)]
    [InlineData("a", -5, ErrorCode.InvalidPartitions)]
    [InlineData("x", 5, ErrorCode.UnknownTopicOrPartition)]
    [InlineData("a", 20_000, ErrorCode.PolicyViolation)]
    public void Grow_ThatCannotBe_IsRefused(string topic, int count, ErrorCode expected)
    {
        _cluster.Create(new NewTopic("a") { PartitionCount = 2 });
        _cluster.Submit(new CreatePartitionsCommand([new PartitionGrowth(topic, count)])).Topics.Single().ErrorCode.ShouldBe(expected);
    }

    [Fact]
    public void Grow_WithTooFewAssignments_IsRefused()
    {
        _cluster.Create(new NewTopic("a"));
        _cluster.Submit(new CreatePartitionsCommand([new PartitionGrowth("a", 3, [[2]])])).Topics.Single()
            .ErrorCode.ShouldBe(ErrorCode.InvalidReplicaAssignment);
    }

    [Fact]
    public void Grow_ForValidationOnly_ChangesNothing()
    {
        _cluster.Create(new NewTopic("a"));
        _cluster.Submit(new CreatePartitionsCommand([new PartitionGrowth("a", 3)], true)).Topics.Single().ErrorCode.ShouldBe(ErrorCode.None);
        _cluster.Image.TopicsByName["a"].Partitions.Length.ShouldBe(1);
    }

    [Fact]
    public void Alter_SetsAndTakesBack()
    {
        _cluster.Create(new NewTopic("a") { Configs = [new("retention.ms", "1"), new("segment.bytes", "1000")] });
        Alter("a", new("retention.ms", ConfigOperation.Delete, null), new("flush.ms", ConfigOperation.Set, "7")).ErrorCode.ShouldBe(ErrorCode.None);

        _cluster.Image.TopicsByName["a"].ConfigOverrides.ShouldBe(
            [new("flush.ms", "7"), new("segment.bytes", "1000")]);
        _cluster.Image.TopicsByName["a"].Config.RetentionMs.ShouldBe(604_800_000);
        _cluster.Restart().Image.TopicsByName["a"].Config.ShouldBe(_cluster.Image.TopicsByName["a"].Config);
    }

    [Fact]
    public void Alter_AppendsToAndSubtractsFromLists()
    {
        _cluster.Create(new NewTopic("a"));
        Alter("a", new ConfigChange("cleanup.policy", ConfigOperation.Append, "compact"));
        _cluster.Image.TopicsByName["a"].ConfigOverrides["cleanup.policy"].ShouldBe("delete,compact", "the default counts");
        Alter("a", new ConfigChange("cleanup.policy", ConfigOperation.Subtract, "delete"));
        _cluster.Image.TopicsByName["a"].ConfigOverrides["cleanup.policy"].ShouldBe("compact");
        Alter("a", new ConfigChange("retention.ms", ConfigOperation.Append, "1")).ErrorMessage!.ShouldContain("not LIST");
    }

    [Fact]
    public void Alter_OfOneBadConfig_ChangesNone()
    {
        _cluster.Create(new NewTopic("a"));
        Alter("a", new("flush.ms", ConfigOperation.Set, "7"), new("retention.ms", ConfigOperation.Set, "x")).ErrorCode.ShouldBe(ErrorCode.InvalidConfig);
        _cluster.Image.TopicsByName["a"].ConfigOverrides.ShouldBeEmpty();
        Alter("a", new("flush.ms", ConfigOperation.Set, "7"), new("flush.ms", ConfigOperation.Set, "8")).ErrorCode.ShouldBe(ErrorCode.InvalidRequest);
        Alter("x", new ConfigChange("flush.ms", ConfigOperation.Set, "7")).ErrorCode.ShouldBe(ErrorCode.UnknownTopicOrPartition);
    }

    [Fact]
    public void Alter_ToWhatIsSet_WritesNothing()
    {
        _cluster.Create(new NewTopic("a") { Configs = [new("flush.ms", "7")] });
        var offset = _cluster.Image.Offset;
        Alter("a", new ConfigChange("flush.ms", ConfigOperation.Set, "7"));
        _cluster.Image.Offset.ShouldBe(offset);
    }

    [Fact]
    public void Alter_ThatReplacesAll_TakesTheRestBackButForTheContract()
    {
        _cluster.Create(new NewTopic("a") { Configs = [new("flush.ms", "7"), new("schemastream.value.type", "avro:com.acme.Order")] });
        var reply = _cluster.Submit(new AlterTopicConfigsCommand(
            [new TopicConfigAlteration("a", [new ConfigChange("retention.ms", ConfigOperation.Set, "9")], ReplaceAll: true)]));

        reply.Topics.Single().ErrorCode.ShouldBe(ErrorCode.None);
        _cluster.Image.TopicsByName["a"].ConfigOverrides.ShouldBe(
            [new("retention.ms", "9"), new("schemastream.value.type", "avro:com.acme.Order")]);
    }

    [Theory]
    [InlineData(ConfigOperation.Set, "avro:com.acme.Bill")]
    [InlineData(ConfigOperation.Delete, null)]
    public void Alter_OfTheContractsType_IsRefusedAndNamesTheWayOut(ConfigOperation operation, string? value)
    {
        _cluster.Create(new NewTopic("orders"));
        Alter("orders", new ConfigChange("schemastream.value.type", ConfigOperation.Set, "avro:com.acme.Order")).ErrorCode.ShouldBe(ErrorCode.None);
        var refused = Alter("orders", new ConfigChange("schemastream.value.type", operation, value));

        refused.ErrorCode.ShouldBe(ErrorCode.InvalidConfig);
        refused.ErrorMessage!.ShouldContain("avro:com.acme.Order");
        refused.ErrorMessage!.ShouldContain("orders.v2");
        _cluster.Image.TopicsByName["orders"].Config.ValueType.ShouldBe("avro:com.acme.Order");
        TopicConfigDefinitions.All.ShouldContainKey("schemastream.value.type");
    }

    private TopicResult Alter(string topic, params ConfigChange[] changes) =>
        _cluster.Submit(new AlterTopicConfigsCommand([new TopicConfigAlteration(topic, changes)])).Topics.Single();
}

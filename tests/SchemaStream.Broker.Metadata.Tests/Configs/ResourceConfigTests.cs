using SchemaStream.Broker.Metadata.Commands;
using SchemaStream.Broker.Metadata.Configs;
using SchemaStream.Broker.Metadata.Records;
using SchemaStream.Protocol;

namespace SchemaStream.Broker.Metadata.Tests.Configs;

public sealed class ResourceConfigTests
{
    private readonly ControllerDriver _cluster =
        ControllerDriver.WithBrokers(2, new ControllerOptions { TopicDefaults = TopicConfigDefaults.Kafka.OfBroker(1), MaxClientMetricsSubscriptions = 3 });

    [Fact]
    public void Configs_OfGroupsAndSubscriptions_AreThereAfterARestart_AndGoneWhenTakenBack()
    {
        Alter(ConfigResource.Group, "g", Set("consumer.session.timeout.ms", "50000")).ShouldBe(ErrorCode.None);
        Alter(ConfigResource.ClientMetrics, "s", Set("metrics", "a."), Set("interval.ms", "1000")).ShouldBe(ErrorCode.None);
        var restarted = _cluster.Restart().Image;
        restarted.GroupConfigs["g"].ShouldBe([new("consumer.session.timeout.ms", "50000")]);
        restarted.ClientMetrics["s"]["interval.ms"].ShouldBe("1000");

        Alter(ConfigResource.Group, "g", new ConfigChange("consumer.session.timeout.ms", ConfigOperation.Delete, null)).ShouldBe(ErrorCode.None);
        _cluster.Image.GroupConfigs.ShouldBeEmpty();
        _cluster.Submit(new AlterResourceConfigsCommand(ConfigResource.ClientMetrics, [new("s", [], ReplaceAll: true)]));
        _cluster.Image.ClientMetrics.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(ConfigResource.Group, "g", "consumer.session.timeout.ms", "0", ErrorCode.InvalidConfig)]
    [InlineData(ConfigResource.Group, "g", "retention.ms", "1", ErrorCode.InvalidConfig)]
    [InlineData(ConfigResource.Group, "", "consumer.session.timeout.ms", "1", ErrorCode.InvalidRequest)]
    [InlineData(ConfigResource.ClientMetrics, "s", "interval.ms", "99", ErrorCode.InvalidConfig)]
    [InlineData(ConfigResource.ClientMetrics, "s", "interval.ms", "3600001", ErrorCode.InvalidConfig)]
    [InlineData(ConfigResource.ClientMetrics, "s", "match", "client_id", ErrorCode.InvalidConfig)]
    [InlineData(ConfigResource.ClientMetrics, "s", "match", "client_id=(a+)+$\\1", ErrorCode.InvalidConfig)]
    [InlineData(ConfigResource.Topic, "t", "retention.ms", "1", ErrorCode.InvalidRequest)]
    public void Config_ThatCannotBe_IsRefused(ConfigResource resource, string name, string key, string value, ErrorCode expected)
    {
        var before = _cluster.Image;
        Alter(resource, name, Set(key, value)).ShouldBe(expected);
        _cluster.Image.ShouldBeSameAs(before);
    }

    [Fact]
    public void SessionTimeout_IsLongerThanTheHeartbeatInterval()
    {
        Alter(ConfigResource.Group, "g", Set("consumer.session.timeout.ms", "5"), Set("consumer.heartbeat.interval.ms", "5")).ShouldBe(ErrorCode.InvalidConfig);
        Alter(ConfigResource.Group, "g", Set("consumer.session.timeout.ms", "6"), Set("consumer.heartbeat.interval.ms", "5")).ShouldBe(ErrorCode.None);
    }

    [Fact]
    public void Subscriptions_AreBounded_ValidatedOnly_AndNamedOnce()
    {
        _cluster.Submit(new AlterResourceConfigsCommand(ConfigResource.ClientMetrics, [new("v", [Set("metrics", "*")])], ValidateOnly: true))
            .Resources.Single().ErrorCode.ShouldBe(ErrorCode.None);
        _cluster.Image.ClientMetrics.ShouldBeEmpty();
        var reply = _cluster.Submit(new AlterResourceConfigsCommand(
            ConfigResource.ClientMetrics, [.. Enumerable.Range(0, 4).Select(i => new ResourceConfigAlteration($"s{i}", [Set("metrics", "*")]))]));
        reply.Resources.Select(result => result.ErrorCode).ShouldBe([ErrorCode.None, ErrorCode.None, ErrorCode.None, ErrorCode.PolicyViolation]);
        _cluster.Submit(new AlterResourceConfigsCommand(ConfigResource.ClientMetrics, [new("s1", []), new("s1", [])]))
            .Resources.Single().ErrorCode.ShouldBe(ErrorCode.InvalidRequest);
    }

    [Fact]
    public void DefaultsOfTopics_AreThoseOfThisBroker_ThenOfAll_ThenOfItsStart()
    {
        _cluster.Create(new NewTopic("old"));
        _cluster.Create(new NewTopic("own") { Configs = [new("retention.ms", "7")] });
        Broker("", "log.retention.ms", "100").ShouldBe(ErrorCode.None);
        Broker("2", "log.retention.ms", "300").ShouldBe(ErrorCode.None);
        _cluster.Create(new NewTopic("young"));
        _cluster.Image.TopicsByName["old"].Config.RetentionMs.ShouldBe(100);
        _cluster.Image.TopicsByName["young"].Config.RetentionMs.ShouldBe(100);
        _cluster.Image.TopicsByName["own"].Config.RetentionMs.ShouldBe(7);

        Broker("1", "log.retention.ms", "200").ShouldBe(ErrorCode.None);
        _cluster.Image.TopicsByName["old"].Config.RetentionMs.ShouldBe(200);
        var restarted = _cluster.Restart().Image;
        restarted.TopicsByName["young"].Config.RetentionMs.ShouldBe(200);
        Broker("1", "log.retention.ms", null).ShouldBe(ErrorCode.None);
        Broker("", "log.retention.ms", null).ShouldBe(ErrorCode.None);
        _cluster.Image.TopicsByName["old"].Config.RetentionMs.ShouldBe(TopicConfig.Default.RetentionMs);
    }

    [Fact]
    public void Image_WhoseDefaultsStayTheSame_SharesItsTopics()
    {
        _cluster.Create(new NewTopic("a"));
        Broker("", "log.retention.ms", "100");
        var before = _cluster.Image;
        Broker("", "max.connections", "100").ShouldBe(ErrorCode.None);
        _cluster.Create(new NewTopic("b"));
        _cluster.Image.TopicsByName["a"].ShouldBeSameAs(before.TopicsByName["a"]);
        _cluster.Image.ChangedSince(before).Topics.ShouldHaveSingleItem().After!.Name.ShouldBe("b");
    }

    [Fact]
    public void UncleanElection_ForTheWholeCluster_GivesALeaderlessPartitionOne()
    {
        _cluster.Create("t", [1, 2]);
        _cluster.Propose("t", [1]);
        _cluster.Fence(1);
        _cluster.State("t").ShouldStartWith("-1 ");
        Broker("2", "unclean.leader.election.enable", "true").ShouldBe(ErrorCode.InvalidConfig);
        Broker("", "unclean.leader.election.enable", "true").ShouldBe(ErrorCode.None);
        _cluster.State("t").ShouldStartWith("2 ");
    }

    [Fact]
    public void List_OfBrokers_CanBeAppendedToAndTakenFrom()
    {
        BrokerChange(new("log.cleanup.policy", ConfigOperation.Append, "compact")).ShouldBe(ErrorCode.None);
        _cluster.Image.BrokerConfigs[""]["log.cleanup.policy"].ShouldBe("delete,compact");
        BrokerChange(new("log.cleanup.policy", ConfigOperation.Subtract, "delete")).ShouldBe(ErrorCode.None);
        _cluster.Image.BrokerConfigs[""]["log.cleanup.policy"].ShouldBe("compact");
        BrokerChange(new("log.cleanup.policy", ConfigOperation.Append, "shred")).ShouldBe(ErrorCode.InvalidConfig);
        BrokerChange(new("log.retention.hours", ConfigOperation.Set, "1")).ShouldBe(ErrorCode.InvalidConfig, "it goes by its first name");
    }

    private static ConfigChange Set(string key, string value) => new(key, ConfigOperation.Set, value);

    private ErrorCode Broker(string broker, string key, string? value) => _cluster.Submit(new AlterBrokerConfigsCommand(
            [new BrokerConfigAlteration(broker, [new ConfigChange(key, value is null ? ConfigOperation.Delete : ConfigOperation.Set, value)])]))
        .Brokers.Single().ErrorCode;

    private ErrorCode BrokerChange(ConfigChange change) =>
        _cluster.Submit(new AlterBrokerConfigsCommand([new BrokerConfigAlteration("", [change])])).Brokers.Single().ErrorCode;

    private ErrorCode Alter(ConfigResource resource, string name, params ConfigChange[] changes) =>
        _cluster.Submit(new AlterResourceConfigsCommand(resource, [new ResourceConfigAlteration(name, changes)])).Resources.Single().ErrorCode;
}

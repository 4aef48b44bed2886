using SchemaStream.Broker.Metadata.Configs;
using SchemaStream.Broker.Server.Settings;

namespace SchemaStream.Broker.Server.Tests.Settings;

public sealed class BrokerSettingsTests
{
    [Theory]
    [InlineData("num.partition", "3", "did you mean 'num.partitions'?")]
    [InlineData("no.such.thing", "1", "Setting 'no.such.thing'")]
    [InlineData("num.partitions", "many", "expected a number from 1 to 2147483647, found 'many'")]
    [InlineData("num.partitions", "0", "found '0'")]
    [InlineData("auto.create.topics.enable", "yes", "expected true or false, found 'yes'")]
    [InlineData("log.segment.bytes", "1", "Setting 'log.segment.bytes'")]
    [InlineData("log.retention.hours", "long", "expected a whole number")]
    [InlineData("log.dirs", "/one,/two", "expected one directory")]
    [InlineData("process.roles", "broker,zookeeper", "expected broker, controller, or both")]
    [InlineData("process.roles", "broker,broker", "expected broker, controller, or both")]
    [InlineData("replica.selector.class", "com.acme.Nearest", "expected LeaderSelector or RackAwareReplicaSelector")]
    [InlineData("broker.session.timeout.ms", "0", "expected a number from 100")]
    [InlineData("zookeeper.set.acl", "true", "Setting 'zookeeper.set.acl'")]
    public void Parse_OfABadSetting_NamesKeyExpectedAndFound(string key, string value, string words)
    {
        var error = Should.Throw<BrokerSettingException>(() => BrokerSettings.Parse([new(key, value)]));
        error.Message.ShouldContain(key);
        error.Message.ShouldContain(words);
    }

    [Fact]
    public void Defaults_AreKafkas()
    {
        var settings = BrokerSettings.Default;
        settings.AutoCreateTopicsEnable.ShouldBeTrue();
        settings.Int("num.partitions").ShouldBe(1);
        settings.Int("offsets.topic.num.partitions").ShouldBe(50);
        settings.Int("socket.request.max.bytes").ShouldBe(104_857_600);
        settings.Value("message.max.bytes").ShouldBe("1048588");
        settings.Milliseconds("group.initial.rebalance.delay.ms").ShouldBe(TimeSpan.Zero);
    }

    [Fact]
    public void Settings_OfKafkasThreadsAndBuffers_AreTakenAndNamed()
    {
        var settings = BrokerSettings.Parse(
            [new("num.network.threads", "3"), new("num.partitions", "2"), new("num.io.threads", "8")]);
        settings.Ignored.ShouldBe(["num.io.threads", "num.network.threads"]);
        settings.Given.Keys.ShouldBe(["num.partitions"]);
        settings.Int("num.partitions").ShouldBe(2);
    }

    [Fact]
    public void Settings_AreWhatTopicsFallBackTo()
    {
        var settings = BrokerSettings.Parse([new("log.retention.hours", "2"), new("min.insync.replicas", "2")]);
        settings.TopicDefaults.Value(TopicConfigDefinitions.All["retention.ms"]).ShouldBe("7200000");
        settings.TopicDefaults.Value(TopicConfigDefinitions.All["min.insync.replicas"]).ShouldBe("2");
    }

    [Fact]
    public void Describe_TellsWhatWasSetFromWhatWasNot()
    {
        var settings = BrokerSettings.Parse([new("num.partitions", "6")]).WithEffective(new Dictionary<string, string> { ["node.id"] = "7" });
        var own = new Dictionary<string, string> { ["leader.replication.throttled.rate"] = "10" };
        var common = new Dictionary<string, string>
        {
            ["leader.replication.throttled.rate"] = "20",
            ["follower.replication.throttled.rate"] = "30",
        };
        var entries = settings.Describe(own, common).ToDictionary(entry => entry.Name);

        entries["num.partitions"].Value.ShouldBe("6");
        entries["num.partitions"].Source.ShouldBe(ConfigSource.StaticBrokerConfig);
        entries["num.partitions"].Synonyms.Count.ShouldBe(2);
        entries["max.connections"].Source.ShouldBe(ConfigSource.DefaultConfig);
        entries["node.id"].Value.ShouldBe("7");
        entries["node.id"].Source.ShouldBe(ConfigSource.StaticBrokerConfig);
        (entries["leader.replication.throttled.rate"].Value, entries["leader.replication.throttled.rate"].Source)
            .ShouldBe(("10", ConfigSource.DynamicBrokerConfig));
        entries["leader.replication.throttled.rate"].Synonyms.Select(synonym => synonym.Value).ShouldBe(["10", "20", "9223372036854775807"]);
        entries["follower.replication.throttled.rate"].Source.ShouldBe(ConfigSource.DynamicDefaultBrokerConfig);
        entries["log.retention.ms"].Type.ShouldBe(ConfigType.Long);
        entries.Values.ShouldAllBe(entry => entry.Documentation.Length > 0);
    }

    [Fact]
    public void EveryDefault_IsAValueOfItsSetting()
    {
        foreach (var definition in BrokerSettingDefinitions.All.Values.Where(row => row.DefaultValue is not null))
        {
            definition.IsValue(definition.DefaultValue!).ShouldBeTrue(definition.Name);
        }
    }
}

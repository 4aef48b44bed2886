using SchemaStream.Broker.Configuration;
using SchemaStream.Broker.Nodes;

namespace SchemaStream.Broker.Tests.Configuration;

public sealed class BrokerConfigurationTests
{
    private static readonly BrokerConfigFile File = BrokerConfigFile.Parse(
        "server.properties", "log.dirs=data\nnum.partitions=1\nnode.id=1\nbroker.rack=a\n");

    [Fact]
    public void CommandLine_GoesBeforeVariables_AndThoseBeforeTheFile()
    {
        var configuration = Merge([("KAFKA_NUM_PARTITIONS", "2"), ("KAFKA_NODE_ID", "2")], ("num.partitions", "3"));

        configuration.Settings["num.partitions"].ShouldBe("3");
        configuration.Settings["node.id"].ShouldBe("2");
        configuration.Settings["broker.rack"].ShouldBe("a");
        configuration.Where("num.partitions").ShouldBe("--set");
        configuration.Where("node.id").ShouldBe("environment variable KAFKA_NODE_ID");
        configuration.Where("broker.rack").ShouldEndWith("server.properties:4");
        configuration.Settings.Keys.Where(key => !configuration.Where(key).StartsWith(File.Path, StringComparison.Ordinal)).Order()
            .ShouldBe(["node.id", "num.partitions"]);
    }

    [Theory]
    [InlineData("KAFKA_NUM_PARTITION", "3", "environment variable KAFKA_NUM_PARTITION: Setting 'num.partition': ", "did you mean 'num.partitions'?")]
    [InlineData("KAFKA_NUM_PARTITIONS", "many", "environment variable KAFKA_NUM_PARTITIONS: Setting 'num.partitions': expected a number", "found 'many'")]
    [InlineData("SCHEMASTREAM_LOG_FORMAT", "xml", "environment variable SCHEMASTREAM_LOG_FORMAT: Setting 'schemastream.log.format'", "text or json")]
    public void Variable_ThatIsWrong_IsNamed(string variable, string value, string start, string words)
    {
        var refusal = Should.Throw<BrokerStartException>(() => NodeConfiguration.From(BrokerOptions.From(Merge([(variable, value)]))));
        refusal.Message.ShouldStartWith(start);
        refusal.Message.ShouldContain(words);
    }

    [Fact]
    public void Switch_ThatIsWrong_IsNamed() =>
        Should.Throw<BrokerStartException>(() => NodeConfiguration.From(BrokerOptions.From(Merge([], ("log.dirz", "x")))))
            .Message.ShouldStartWith("--set: Setting 'log.dirz'");

    /// <summary>The usual compose file says what is advertised, and no more.</summary>
    [Fact]
    public void AdvertisedListeners_AloneByAVariable_AreListenedOnEverywhere()
    {
        var node = NodeConfiguration.From(BrokerOptions.From(Merge(
        [
            ("KAFKA_ADVERTISED_LISTENERS", "INTERNAL://kafka1:19092,EXTERNAL://127.0.0.1:9092"),
            ("KAFKA_LISTENER_SECURITY_PROTOCOL_MAP", "INTERNAL:PLAINTEXT,EXTERNAL:PLAINTEXT"),
            ("KAFKA_INTER_BROKER_LISTENER_NAME", "INTERNAL"),
            ("KAFKA_ZOOKEEPER_CONNECT", "zoo1:2181"),
            ("KAFKA_AUTHORIZER_CLASS_NAME", "kafka.security.authorizer.AclAuthorizer"),
            ("KAFKA_ALLOW_EVERYONE_IF_NO_ACL_FOUND", "true"),
            ("KAFKA_JMX_PORT", "9999"),
        ])));

        node.Listeners.Select(listener => $"{listener.Name}:{listener.Address}:{listener.Port} {listener.AdvertisedHost}:{listener.AdvertisedPort}")
            .ShouldBe(["INTERNAL:0.0.0.0:19092 kafka1:19092", "EXTERNAL:0.0.0.0:9092 127.0.0.1:9092"]);
        node.InterBrokerListenerName.ShouldBe("INTERNAL");
        node.Settings.Ignored.ShouldBe(["zookeeper.connect"]);
    }

    [Fact]
    public void Authorizer_ThatWouldHaveToRefuseSomeone_IsRefusedItself() =>
        Should.Throw<BrokerStartException>(() => NodeConfiguration.From(BrokerOptions.From(Merge([], ("authorizer.class.name", "x.Y")))))
            .Message.ShouldContain("allow.everyone.if.no.acl.found=true");

    [Theory]
    [InlineData("A://h:1,B://h:1", "expected an address of its own for each listener, found h:1 for A and B")]
    [InlineData("A://0.0.0.0:1,B://h:2", "which means every address of this machine")]
    [InlineData("A://h:1,C://h:2", "expected a host for listeners of listeners, found C://h:2")]
    public void AdvertisedListeners_ThatNoClientCouldUse_AreRefused(string advertised, string words) =>
        Should.Throw<BrokerStartException>(() => NodeConfiguration.From(BrokerOptions.From(Merge(
            [],
            ("listeners", "A://127.0.0.1:0,B://127.0.0.1:0"),
            ("listener.security.protocol.map", "A:PLAINTEXT,B:PLAINTEXT"),
            ("inter.broker.listener.name", "A"),
            ("advertised.listeners", advertised))))).Message.ShouldContain(words);

    private static BrokerConfiguration Merge((string Name, string Value)[] variables, params (string Key, string Value)[] set) =>
        BrokerConfiguration.From(
            File,
            variables.Select(variable => KeyValuePair.Create(variable.Name, variable.Value)),
            set.Select(pair => KeyValuePair.Create(pair.Key, pair.Value)));
}

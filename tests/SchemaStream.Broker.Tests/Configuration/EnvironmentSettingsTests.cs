using SchemaStream.Broker.Configuration;

namespace SchemaStream.Broker.Tests.Configuration;

public sealed class EnvironmentSettingsTests
{
    [Theory]
    [InlineData("KAFKA_NUM_PARTITIONS", "num.partitions")]
    [InlineData("KAFKA_ADVERTISED_LISTENERS", "advertised.listeners")]
    [InlineData("KAFKA_A__B___C_D", "a_b-c.d")]
    [InlineData("KAFKA_CFG_NODE_ID", "node.id")]
    [InlineData("SCHEMASTREAM_NUM_PARTITIONS", "num.partitions")]
    [InlineData("SCHEMASTREAM_LOG_FORMAT", "schemastream.log.format")]
    [InlineData("SCHEMASTREAM_LOG_DIRS", "log.dirs")]
    [InlineData("KAFKA_SCHEMASTREAM_LOG_FORMAT", "schemastream.log.format")]
    [InlineData("CLUSTER_ID", "cluster.id")]
    public void Variable_IsTheSettingThatKafkasImagesMakeOfIt(string variable, string key)
    {
        var told = Read((variable, "3")).ShouldHaveSingleItem();
        (told.Key, told.Value, told.Place).ShouldBe((key, "3", $"environment variable {variable}"));
    }

    /// <summary>What images, scripts and orchestrators put there is no mistake of whoever runs the broker.</summary>
    [Theory]
    [InlineData("KAFKA_HEAP_OPTS")]
    [InlineData("KAFKA_JMX_PORT")]
    [InlineData("KAFKA_LOG4J_LOGGERS")]
    [InlineData("KAFKA_BOOTSTRAP_SERVERS")]
    [InlineData("KAFKA_SERVICE_HOST")]
    [InlineData("KAFKA_PORT_9092_TCP_ADDR")]
    [InlineData("SCHEMASTREAM_SERVICE_PORT")]
    [InlineData("SCHEMASTREAM_REGISTRY_URL")]
    [InlineData("SCHEMASTREAM_PROFILE")]
    [InlineData("SCHEMASTREAM_CONFIG_HOME")]
    [InlineData("PATH")]
    [InlineData("KAFKA")]
    [InlineData("KAFKA_")]
    public void Variable_OfOthers_IsNoSetting(string variable) => Read((variable, "x")).ShouldBeEmpty();

    /// <summary>Kubernetes tells every pod the addresses of all services of its namespace.</summary>
    [Theory]
    [InlineData("KAFKA_UI_SERVICE_HOST", "10.0.0.7")]
    [InlineData("KAFKA_UI_SERVICE_PORT", "8080")]
    [InlineData("KAFKA_UI_SERVICE_PORT_HTTP", "8080")]
    [InlineData("KAFKA_UI_PORT", "tcp://10.0.0.7:8080")]
    [InlineData("KAFKA_UI_PORT_8080_TCP", "tcp://10.0.0.7:8080")]
    [InlineData("KAFKA_UI_PORT_8080_TCP_PROTO", "tcp")]
    [InlineData("SCHEMASTREAM_REGISTRY_SERVICE_HOST", "10.0.0.8")]
    [InlineData("SCHEMASTREAM_REGISTRY_PORT_8081_TCP_ADDR", "10.0.0.8")]
    public void Variable_OfAServiceWhoseNameBeginsTheSame_IsNoSetting(string variable, string value) => Read((variable, value)).ShouldBeEmpty();

    [Fact]
    public void Variable_ThatIsEmpty_IsNotSet() => Read(("KAFKA_NUM_PARTITIONS", "")).ShouldBeEmpty();

    [Fact]
    public void TwoVariables_OfOneSetting_HaveToAgree()
    {
        Read(("KAFKA_NUM_PARTITIONS", "3"), ("SCHEMASTREAM_NUM_PARTITIONS", "3")).ShouldHaveSingleItem();

        var refusal = Should.Throw<BrokerStartException>(() => Read(("KAFKA_NUM_PARTITIONS", "3"), ("SCHEMASTREAM_NUM_PARTITIONS", "4")));

        refusal.Message.ShouldBe(
            "Setting 'num.partitions': expected it to be told once, found '3' by environment variable KAFKA_NUM_PARTITIONS "
            + "and '4' by environment variable SCHEMASTREAM_NUM_PARTITIONS");
    }

    private static IReadOnlyList<ToldSetting> Read(params (string Name, string Value)[] variables) =>
        EnvironmentSettings.Read(variables.Select(variable => KeyValuePair.Create(variable.Name, variable.Value)));
}

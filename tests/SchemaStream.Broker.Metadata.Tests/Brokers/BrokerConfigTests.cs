using SchemaStream.Broker.Metadata.Commands;
using SchemaStream.Protocol;
using static SchemaStream.Broker.Metadata.Configs.BrokerConfigDefinitions;

namespace SchemaStream.Broker.Metadata.Tests.Brokers;

public sealed class BrokerConfigTests
{
    private readonly ControllerDriver _cluster = ControllerDriver.WithBrokers(2);

    [Fact]
    public void Config_OfABroker_GoesBeforeThatOfAll()
    {
        Set("", LeaderReplicationThrottledRate, "100").ShouldBe(ErrorCode.None);
        Set("1", LeaderReplicationThrottledRate, "200").ShouldBe(ErrorCode.None);
        _cluster.Image.BrokerConfig(1, LeaderReplicationThrottledRate).ShouldBe("200");
        _cluster.Image.BrokerConfig(2, LeaderReplicationThrottledRate).ShouldBe("100");
        _cluster.Image.BrokerConfig(2, FollowerReplicationThrottledRate).ShouldBeNull();

        Set("1", LeaderReplicationThrottledRate, null).ShouldBe(ErrorCode.None);
        _cluster.Image.BrokerConfig(1, LeaderReplicationThrottledRate).ShouldBe("100");
        _cluster.Restart().Image.BrokerConfig(1, LeaderReplicationThrottledRate).ShouldBe("100");
    }

    [Theory]
    [InlineData("1", "node.id", "7", ErrorCode.InvalidConfig)]
    [InlineData("1", LeaderReplicationThrottledRate, "fast", ErrorCode.InvalidConfig)]
    [InlineData("1", LeaderReplicationThrottledRate, "-1", ErrorCode.InvalidConfig)]
    [InlineData("9", LeaderReplicationThrottledRate, "1", ErrorCode.BrokerIdNotRegistered)]
    [InlineData("one", LeaderReplicationThrottledRate, "1", ErrorCode.InvalidRequest)]
    [InlineData("01", LeaderReplicationThrottledRate, "1", ErrorCode.InvalidRequest)]
    public void Config_ThatCannotBe_IsRefused(string broker, string key, string value, ErrorCode expected)
    {
        var offset = _cluster.Image.Offset;
        Set(broker, key, value).ShouldBe(expected);
        _cluster.Image.Offset.ShouldBe(offset);
    }

    [Fact]
    public void Alter_IsAllOrNothing_AndCanReplaceAll()
    {
        Alter(new("1", [new(LeaderReplicationThrottledRate, ConfigOperation.Set, "1"), new("x", ConfigOperation.Set, "1")])).ShouldBe(ErrorCode.InvalidConfig);
        Alter(new("1", [new(LeaderReplicationThrottledRate, ConfigOperation.Append, "1")])).ShouldBe(ErrorCode.InvalidConfig);
        Alter(new("1", [new(LeaderReplicationThrottledRate, ConfigOperation.Set, null)])).ShouldBe(ErrorCode.InvalidConfig);
        _cluster.Image.BrokerConfigs.ShouldBeEmpty();

        Set("1", LeaderReplicationThrottledRate, "1");
        Alter(new("1", [new(FollowerReplicationThrottledRate, ConfigOperation.Set, "2")], ReplaceAll: true)).ShouldBe(ErrorCode.None);
        _cluster.Image.BrokerConfigs["1"].ShouldBe([new(FollowerReplicationThrottledRate, "2")]);
    }

    [Fact]
    public void Alter_ForValidationOnly_ChangesNothing()
    {
        var reply = _cluster.Submit(new AlterBrokerConfigsCommand(
            [new BrokerConfigAlteration("", [new(LeaderReplicationThrottledRate, ConfigOperation.Set, "1")])], ValidateOnly: true));
        reply.Brokers.Single().ErrorCode.ShouldBe(ErrorCode.None);
        _cluster.Image.BrokerConfigs.ShouldBeEmpty();
    }

    private ErrorCode Set(string broker, string key, string? value) =>
        Alter(new(broker, [new ConfigChange(key, value is null ? ConfigOperation.Delete : ConfigOperation.Set, value)]));

    private ErrorCode Alter(BrokerConfigAlteration alteration) =>
        _cluster.Submit(new AlterBrokerConfigsCommand([alteration])).Brokers.Single().ErrorCode;
}

using SchemaStream.Protocol;
using SchemaStream.Protocol.Client;
using SchemaStream.Protocol.Messages;
using SchemaStream.TestKit;

namespace SchemaStream.Broker.Tests.Handlers;

public sealed class ConfigTests(BrokerFixture fixture) : IClassFixture<BrokerFixture>
{
    private const sbyte Topic = 2;
    private const sbyte Broker = 4;

    [Fact]
    public async Task Topic_ShowsEachValueWithItsSource()
    {
        await using var client = await fixture.ConnectAsync();
        var name = fixture.NewName();
        await client.SendAsync(
            new CreateTopicsRequest
            {
                Topics = [new() { Name = name, NumPartitions = 1, ReplicationFactor = 1, Configs = [new() { Name = "retention.ms", Value = "1234" }] }],
            },
            7);
        var configs = (await DescribeAsync(client, Topic, name)).Configs.ToDictionary(config => config.Name);
        var retention = configs["retention.ms"];
        (retention.Value, retention.ConfigSource, retention.ConfigType).ShouldBe(("1234", (sbyte)1, (sbyte)5));
        retention.Documentation.ShouldNotBeNullOrEmpty();
        retention.Synonyms.Count.ShouldBe(2);
        (configs["segment.bytes"].Value, configs["segment.bytes"].ConfigSource).ShouldBe(("1073741824", (sbyte)5));
    }

    [Fact]
    public async Task Broker_ShowsItsSettings_ReadOnlyButForThoseThatCanChange()
    {
        await using var client = await fixture.ConnectAsync();
        var configs = (await DescribeAsync(client, Broker, "1")).Configs.ToDictionary(config => config.Name);
        configs.Values.Where(config => !config.ReadOnly).Select(config => config.Name).ShouldBe(
            Metadata.Configs.BrokerConfigDefinitions.All.Keys, ignoreOrder: true);
        configs["log.retention.ms"].ReadOnly.ShouldBeFalse();
        configs["log.retention.hours"].ReadOnly.ShouldBeTrue("it is another name of log.retention.ms, which can change");
        (configs["offsets.topic.num.partitions"].Value, configs["offsets.topic.num.partitions"].ConfigSource).ShouldBe(("4", (sbyte)4));
        (configs["num.partitions"].Value, configs["num.partitions"].ConfigSource).ShouldBe(("1", (sbyte)5));
        configs["advertised.listeners"].Value.ShouldBe("PLAINTEXT://" + fixture.Broker.BootstrapServers);
        configs["log.dirs"].Value.ShouldBe(fixture.Broker.DataDirectory);
    }

    [Fact]
    public async Task Keys_ThatAreNamed_AreAllThatIsShown()
    {
        await using var client = await fixture.ConnectAsync();
        var answer = await DescribeAsync(client, Broker, "1", ["num.partitions"]);
        answer.Configs.ShouldHaveSingleItem().Name.ShouldBe("num.partitions");
    }

    [Fact]
    public async Task Keys_ThatAreAnEmptyList_AreAll()
    {
        await using var client = await fixture.ConnectAsync();
        var all = await DescribeAsync(client, Broker, "1");
        (await DescribeAsync(client, Broker, "1", [])).Configs.Count.ShouldBe(all.Configs.Count);
    }

    [Fact]
    public async Task Alteration_OfATopicNamedTwice_IsRefusedForItAlone()
    {
        await using var client = await fixture.ConnectAsync();
        var (twice, once) = (fixture.NewName(), fixture.NewName());
        await client.CreateTopicAsync(twice);
        await client.CreateTopicAsync(once);
        var request = new IncrementalAlterConfigsRequest
        {
            Resources =
            [
                .. new[] { twice, twice, once }.Select(name => new IncrementalAlterConfigsRequest.AlterConfigsResource
                {
                    ResourceType = Topic,
                    ResourceName = name,
                    Configs = [new() { Name = "retention.ms", Value = "77" }],
                }),
            ],
        };
        var response = await client.SendAsync(request, 1).WaitAsync(TestTime.Limit);
        response.Responses.Select(one => (one.ResourceName, one.ErrorCode)).ShouldBe(
            [(twice, ErrorCode.InvalidRequest), (twice, ErrorCode.InvalidRequest), (once, ErrorCode.None)]);
        var retention = (await DescribeAsync(client, Topic, twice, ["retention.ms"])).Configs.ShouldHaveSingleItem();
        retention.Value.ShouldNotBe("77");
    }

    [Theory]
    [InlineData(Topic, "not-there", ErrorCode.UnknownTopicOrPartition)]
    [InlineData(Topic, "bad name", ErrorCode.InvalidTopicException)]
    [InlineData(Broker, "77", ErrorCode.InvalidRequest)]
    [InlineData((sbyte)99, "x", ErrorCode.InvalidRequest)]
    public async Task Resource_ThatIsNotHere_IsAnErrorOfItsOwn(sbyte type, string name, ErrorCode error)
    {
        await using var client = await fixture.ConnectAsync();
        var answer = await DescribeAsync(client, type, name);
        answer.ErrorCode.ShouldBe(error);
        answer.ErrorMessage.ShouldNotBeNullOrEmpty();
    }

    [Fact]
    public async Task Alterations_AreSeenAtOnce()
    {
        await using var client = await fixture.ConnectAsync();
        var name = fixture.NewName();
        await client.CreateTopicAsync(name);
        (await AlterAsync(client, name, "max.message.bytes", "200")).ErrorCode.ShouldBe(ErrorCode.None);
        (await client.ProduceAsync(name, Wire.Batch(new string('x', 500)))).ErrorCode.ShouldBe(ErrorCode.MessageTooLarge);
        (await AlterAsync(client, name, "max.message.bytes", null, operation: 1)).ErrorCode.ShouldBe(ErrorCode.None);
        (await client.ProduceAsync(name, Wire.Batch(new string('x', 500)))).ErrorCode.ShouldBe(ErrorCode.None);

        var bad = await AlterAsync(client, name, "max.message.bytes", "many");
        bad.ErrorCode.ShouldBe(ErrorCode.InvalidConfig);
        bad.ErrorMessage!.ShouldContain("max.message.bytes");
        (await AlterAsync(client, name, "max.message.bytes", "1", operation: 9)).ErrorCode.ShouldBe(ErrorCode.InvalidRequest);
        (await AlterAsync(client, "1", "num.partitions", "1", Broker)).ErrorCode.ShouldBe(ErrorCode.InvalidConfig);
    }

    [Fact]
    public async Task ConfigsOfBrokers_ThatCanChange_AreSetForOneOrForAll()
    {
        const string rate = "leader.replication.throttled.rate";
        await using var client = await fixture.ConnectAsync();
        (await AlterAsync(client, "", rate, "100", Broker)).ErrorCode.ShouldBe(ErrorCode.None);
        (await AlterAsync(client, "1", rate, "50", Broker)).ErrorCode.ShouldBe(ErrorCode.None);

        var own = (await DescribeAsync(client, Broker, "1", [rate])).Configs.ShouldHaveSingleItem();
        (own.Value, own.ConfigSource).ShouldBe(("50", (sbyte)2));
        var common = (await DescribeAsync(client, Broker, "")).Configs.ShouldHaveSingleItem();
        (common.Name, common.Value, common.ConfigSource).ShouldBe((rate, "100", (sbyte)3));

        (await AlterAsync(client, "1", rate, null, Broker, operation: 1)).ErrorCode.ShouldBe(ErrorCode.None);
        (await AlterAsync(client, "", rate, null, Broker, operation: 1)).ErrorCode.ShouldBe(ErrorCode.None);
        (await DescribeAsync(client, Broker, "1", [rate])).Configs[0].ConfigSource.ShouldBe((sbyte)5);
        (await AlterAsync(client, "77", rate, "1", Broker)).ErrorCode.ShouldBe(ErrorCode.BrokerIdNotRegistered);
        (await AlterAsync(client, "1", rate, "fast", Broker)).ErrorCode.ShouldBe(ErrorCode.InvalidConfig);
    }

    [Fact]
    public async Task AlterConfigs_PutsWhatIsNotNamedBackToItsDefault()
    {
        await using var client = await fixture.ConnectAsync();
        var name = fixture.NewName();
        await client.CreateTopicAsync(name);
        await AlterAsync(client, name, "retention.ms", "1000");
        var request = new AlterConfigsRequest
        {
            Resources = [new() { ResourceType = Topic, ResourceName = name, Configs = [new() { Name = "segment.ms", Value = "5000" }] }],
        };
        (await client.SendAsync(request, 2)).Responses[0].ErrorCode.ShouldBe(ErrorCode.None);
        var configs = (await DescribeAsync(client, Topic, name)).Configs.ToDictionary(config => config.Name);
        configs["segment.ms"].Value.ShouldBe("5000");
        configs["retention.ms"].Value.ShouldBe("604800000");
    }

    private static async Task<DescribeConfigsResponse.DescribeConfigsResult> DescribeAsync(
        KafkaConnection client, sbyte type, string name, List<string>? keys = null)
    {
        var request = new DescribeConfigsRequest
        {
            Resources = [new() { ResourceType = type, ResourceName = name, ConfigurationKeys = keys }],
            IncludeSynonyms = true,
            IncludeDocumentation = true,
        };
        return (await client.SendAsync(request, 4).WaitAsync(TestTime.Limit)).Results[0];
    }

    private static async Task<IncrementalAlterConfigsResponse.AlterConfigsResourceResponse> AlterAsync(
        KafkaConnection client, string name, string key, string? value, sbyte type = Topic, sbyte operation = 0)
    {
        var request = new IncrementalAlterConfigsRequest
        {
            Resources =
            [
                new() { ResourceType = type, ResourceName = name, Configs = [new() { Name = key, Value = value, ConfigOperation = operation }] },
            ],
        };
        return (await client.SendAsync(request, 1).WaitAsync(TestTime.Limit)).Responses[0];
    }
}

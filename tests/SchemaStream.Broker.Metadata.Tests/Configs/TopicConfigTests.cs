using SchemaStream.Broker.Metadata.Configs;

namespace SchemaStream.Broker.Metadata.Tests.Configs;

public sealed class TopicConfigTests
{
    [Fact]
    public void Defaults_AreKafkas()
    {
        var config = TopicConfig.Default;
        (config.CleanupDelete, config.CleanupCompact).ShouldBe((true, false));
        config.RetentionMs.ShouldBe(604_800_000);
        config.RetentionBytes.ShouldBe(-1);
        config.SegmentBytes.ShouldBe(1_073_741_824);
        config.MaxMessageBytes.ShouldBe(1_048_588);
        config.MinInSyncReplicas.ShouldBe(1);
        config.MessageTimestampAfterMaxMs.ShouldBe(3_600_000);
        config.CompressionType.ShouldBe("producer");
    }

    [Fact]
    public void Defaults_AreValuesOfTheirOwnConfigs() =>
        TopicConfigDefinitions.Sorted
            .Where(definition => definition.DefaultValue is not null)
            .Select(definition => definition.Validate(definition.DefaultValue!))
            .ShouldAllBe(reason => reason == null);

    [Fact]
    public void BrokerSettings_OfTheFinerUnit_Win()
    {
        Resolve([new("log.retention.hours", "2")]).RetentionMs.ShouldBe(7_200_000);
        Resolve([new("log.retention.hours", "2"), new("log.retention.minutes", "3")]).RetentionMs.ShouldBe(180_000);
        Resolve([new("log.retention.hours", "2"), new("log.retention.ms", "4")]).RetentionMs.ShouldBe(4);
        Resolve([new("log.retention.hours", "-1")]).RetentionMs.ShouldBe(-1);
        Resolve([new("message.max.bytes", "77"), new("num.io.threads", "x")]).MaxMessageBytes.ShouldBe(77);
    }

    [Fact]
    public void BrokerSettings_WithoutAValue_NameTheSetting() =>
        Should.Throw<ArgumentException>(() => TopicConfigDefaults.FromBrokerSettings([new("log.retention.hours", "two")]))
            .Message.ShouldContain("log.retention.hours");

    [Fact]
    public void Describe_ShowsAllPlacesThatHaveAValue()
    {
        var defaults = TopicConfigDefaults.FromBrokerSettings([new("log.retention.hours", "2")]);
        var entry = defaults.Describe(new Dictionary<string, string> { ["retention.ms"] = "5" }).Single(config => config.Name == "retention.ms");

        entry.Value.ShouldBe("5");
        entry.Source.ShouldBe(ConfigSource.DynamicTopicConfig);
        entry.Type.ShouldBe(ConfigType.Long);
        entry.Synonyms.ShouldBe(
        [
            new ConfigSynonym("retention.ms", "5", ConfigSource.DynamicTopicConfig),
            new ConfigSynonym("log.retention.hours", "2", ConfigSource.StaticBrokerConfig),
            new ConfigSynonym("log.retention.ms", "604800000", ConfigSource.DefaultConfig),
        ]);
        defaults.Describe(new Dictionary<string, string>()).Single(config => config.Name == "retention.ms").Value.ShouldBe("7200000");
    }

    [Fact]
    public void Resolve_OfAValueThatIsNone_FallsBack() =>
        TopicConfig.Resolve(new Dictionary<string, string> { ["retention.ms"] = "never", ["from.the.future"] = "1" }, TopicConfigDefaults.Kafka)
            .RetentionMs.ShouldBe(604_800_000);

    [Theory]
    [InlineData("string", true)]
    [InlineData("uuid", true)]
    [InlineData("avro:com.acme.OrderPlaced", true)]
    [InlineData("AVRO:com.acme.A|com.acme.B", true)]
    [InlineData("protobuf:acme.Order", true)]
    [InlineData("json", true)]
    [InlineData("json:Order placed", true)]
    [InlineData("", false)]
    [InlineData("avro", false)]
    [InlineData("avro:", false)]
    [InlineData("avro:1st", false)]
    [InlineData("avro:a..b", false)]
    [InlineData("protobuf", false)]
    [InlineData("json:", false)]
    [InlineData("thrift:Order", false)]
    public void ContractTypes_FollowTheirSyntax(string text, bool isValid) =>
        (TopicConfigDefinitions.All["schemastream.value.type"].Validate(text) is null).ShouldBe(isValid);

    [Theory]
    [InlineData("*", true)]
    [InlineData("0:1,2:3", true)]
    [InlineData("", true)]
    [InlineData("0:1,*", false)]
    [InlineData("0", false)]
    public void ThrottledReplicas_FollowTheirSyntax(string text, bool isValid) =>
        (TopicConfigDefinitions.All["leader.replication.throttled.replicas"].Validate(text) is null).ShouldBe(isValid);

    [Fact]
    public void Validation_IsOursOrConfluents()
    {
        Resolve([], new() { ["schemastream.schema.validation"] = "payload", ["confluent.key.schema.validation"] = "true" })
            .KeyValidation.ShouldBe(SchemaValidation.Payload);
        var confluent = Resolve([], new() { ["confluent.value.schema.validation"] = "TRUE" });
        (confluent.KeyValidation, confluent.ValueValidation).ShouldBe((SchemaValidation.None, SchemaValidation.Id));
    }

    private static TopicConfig Resolve(KeyValuePair<string, string>[] settings, Dictionary<string, string>? overrides = null) =>
        TopicConfig.Resolve(overrides ?? [], TopicConfigDefaults.FromBrokerSettings(settings));
}

using SchemaStream.Broker.Coordination;
using SchemaStream.Broker.Server.Settings;

namespace SchemaStream.Broker;

/// <summary>The settings that concern groups.</summary>
internal static class GroupOptions
{
    public static GroupShardOptions From(BrokerSettings settings) => new()
    {
        MinSessionTimeout = settings.Milliseconds(BrokerSettingNames.GroupMinSessionTimeoutMs),
        MaxSessionTimeout = settings.Milliseconds(BrokerSettingNames.GroupMaxSessionTimeoutMs),
        InitialRebalanceDelay = settings.Milliseconds(BrokerSettingNames.GroupInitialRebalanceDelayMs),
        MaxSize = settings.Int(BrokerSettingNames.GroupMaxSize),
        OffsetMetadataMaxBytes = settings.Int(BrokerSettingNames.OffsetMetadataMaxBytes),
        OffsetsRetention = TimeSpan.FromMinutes(settings.Int(BrokerSettingNames.OffsetsRetentionMinutes)),
        OffsetsRetentionCheckInterval = settings.Milliseconds(BrokerSettingNames.OffsetsRetentionCheckIntervalMs),
        ConsumerSessionTimeout = settings.Milliseconds(BrokerSettingNames.GroupConsumerSessionTimeoutMs),
        ConsumerHeartbeatInterval = settings.Milliseconds(BrokerSettingNames.GroupConsumerHeartbeatIntervalMs),
        ConsumerMaxSize = settings.Int(BrokerSettingNames.GroupConsumerMaxSize),
        ConsumerAssignors = settings.Value(BrokerSettingNames.GroupConsumerAssignors)
            .Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries),
        ConsumerMigrationPolicy = Enum.Parse<ConsumerGroupMigrationPolicy>(
            settings.Value(BrokerSettingNames.GroupConsumerMigrationPolicy), ignoreCase: true),
    };
}

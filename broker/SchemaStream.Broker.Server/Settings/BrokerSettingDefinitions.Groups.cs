using SchemaStream.Broker.Coordination.Groups.Consumer;
using SchemaStream.Broker.Metadata.Configs;
using static SchemaStream.Broker.Server.Settings.BrokerSettingDefinition;
using static SchemaStream.Broker.Server.Settings.BrokerSettingNames;

namespace SchemaStream.Broker.Server.Settings;

// The settings of consumer groups (KIP-848).
public static partial class BrokerSettingDefinitions
{
    /// <summary>No field: the table is built before fields of this part have their values.</summary>
    private static string[] MigrationPolicies => ["bidirectional", "upgrade", "downgrade", "disabled"];

    private static IEnumerable<BrokerSettingDefinition> ConsumerGroupRows() =>
    [
        Int(GroupConsumerSessionTimeoutMs, 45_000, 1, "A member of a consumer group that is not heard of for so long is out."),
        Int(GroupConsumerHeartbeatIntervalMs, 5_000, 1, "How often a member of a consumer group is to be heard of."),
        Int(GroupConsumerMaxSize, int.MaxValue, 1, "Members of one consumer group."),
        Text(GroupConsumerAssignors, ConfigType.List, "uniform,range", "uniform, range, or both", AreAssignors,
            "The assignors that members of consumer groups may ask for; the first is used where none does."),
        Text(GroupConsumerMigrationPolicy, ConfigType.String, "bidirectional", string.Join(", ", MigrationPolicies), IsMigrationPolicy,
            "Which groups with members may change between the classic protocol and the new one."),
    ];

    private static bool AreAssignors(string text)
    {
        var names = text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return names.Length > 0 && Array.TrueForAll(names, name => Assignors.All.Contains(name));
    }

    private static bool IsMigrationPolicy(string text) => MigrationPolicies.Contains(text, StringComparer.OrdinalIgnoreCase);
}

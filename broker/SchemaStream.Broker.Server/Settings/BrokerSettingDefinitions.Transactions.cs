using static SchemaStream.Broker.Server.Settings.BrokerSettingDefinition;
using static SchemaStream.Broker.Server.Settings.BrokerSettingNames;

namespace SchemaStream.Broker.Server.Settings;

// The settings of transaction coordinators.
public static partial class BrokerSettingDefinitions
{
    private static IEnumerable<BrokerSettingDefinition> TransactionRows() =>
    [
        Int(TransactionMaxTimeoutMs, 900_000, 1, "The longest transaction.timeout.ms that a producer may ask for."),
        Int(TransactionalIdExpirationMs, 604_800_000, 1, "A transactional id that no one has used for so long is forgotten."),
        Int(TransactionRemoveExpiredIntervalMs, 3_600_000, 1,
            "How often transactional ids are looked through for ones that are to be forgotten."),
        Int(TransactionStateLogNumPartitions, 50, 1, "Partitions of __transaction_state, when it is created."),
        Short(TransactionStateLogReplicationFactor, 3, 1,
            "Replicas of __transaction_state, when it is created. Left unset, a smaller cluster has as many as it has live brokers."),
        Int(TransactionStateLogMinIsr, 2, 1,
            "Replicas of __transaction_state that have to be in sync, when it is created; never more than it has."),
        Int(TransactionStateLogSegmentBytes, 104_857_600, 1, "Size of a segment of __transaction_state, when it is created."),
    ];
}

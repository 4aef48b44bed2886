using static SchemaStream.Broker.Server.Settings.BrokerSettingDefinition;
using static SchemaStream.Broker.Server.Settings.BrokerSettingNames;

namespace SchemaStream.Broker.Server.Settings;

// What partitions remember of producers.
public static partial class BrokerSettingDefinitions
{
    private static IEnumerable<BrokerSettingDefinition> ProducerRows() =>
    [
        Int(ProducerIdExpirationMs, 86_400_000, 1,
            "A producer that has written nothing to a partition for so long is forgotten there, unless its transaction is open."),
        Boolean(TransactionPartitionVerificationEnable, true,
            "Whether records of a transaction are only taken into partitions that its coordinator knows to be part of it."),
    ];
}

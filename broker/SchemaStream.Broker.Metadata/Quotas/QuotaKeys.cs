using System.Collections.Frozen;

namespace SchemaStream.Broker.Metadata.Quotas;

/// <summary>What can be limited; Kafka's keys.</summary>
public static class QuotaKeys
{
    /// <summary>Bytes per second.</summary>
    public const string ProducerByteRate = "producer_byte_rate";

    /// <summary>Bytes per second.</summary>
    public const string ConsumerByteRate = "consumer_byte_rate";

    /// <summary>Of one thread's time, in percent.</summary>
    public const string RequestPercentage = "request_percentage";

    /// <summary>Partitions created or deleted per second.</summary>
    public const string ControllerMutationRate = "controller_mutation_rate";

    /// <summary>Connections per second from one address.</summary>
    public const string ConnectionCreationRate = "connection_creation_rate";

    /// <summary>Those of users and client ids.</summary>
    public static FrozenSet<string> OfClients { get; } =
        new[] { ProducerByteRate, ConsumerByteRate, RequestPercentage, ControllerMutationRate }.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>Those of addresses.</summary>
    public static FrozenSet<string> OfAddresses { get; } = new[] { ConnectionCreationRate }.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>Whether only whole numbers are values.</summary>
    public static bool IsWhole(string key) => key is ProducerByteRate or ConsumerByteRate or ConnectionCreationRate;
}

using Microsoft.Extensions.Logging;

namespace SchemaStream.Testing;

/// <summary>What a test stack is started with.</summary>
public sealed record SchemaStreamTestHostOptions
{
    /// <summary>
    /// Kafka's broker settings by key. By default the first member of a group does not wait for others, so that tests
    /// need not wait either; a dictionary of your own replaces that.
    /// </summary>
    public IReadOnlyDictionary<string, string> BrokerSettings { get; init; } =
        new Dictionary<string, string> { ["group.initial.rebalance.delay.ms"] = "0" };

    /// <summary>Where broker, registry and clients log; null logs nowhere.</summary>
    public ILoggerFactory? LoggerFactory { get; init; }
}

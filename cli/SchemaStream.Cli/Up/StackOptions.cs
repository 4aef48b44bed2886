using Microsoft.Extensions.Logging;

namespace SchemaStream.Cli.Up;

/// <summary>What <c>schemastream up</c> was asked for.</summary>
/// <param name="DataDirectory">Holds the broker's and the registry's data, each in a folder of its own.</param>
/// <param name="Brokers">How many; more than one are processes of their own.</param>
/// <param name="Host">The address both bind to.</param>
/// <param name="KafkaPort">The first broker's port, the others' follow; 0 for free ones.</param>
/// <param name="RegistryPort">The registry's port, 0 for a free one.</param>
/// <param name="BrokerSettings">Broker settings by Kafka's names.</param>
/// <param name="LogLevel">The least severe message that is logged.</param>
/// <param name="ControllerPort">The first controller's port in a new cluster, the others' follow; 0 for free ones.</param>
internal sealed record StackOptions(
    DirectoryInfo DataDirectory,
    int Brokers,
    string Host,
    int KafkaPort,
    int RegistryPort,
    IReadOnlyDictionary<string, string> BrokerSettings,
    LogLevel LogLevel,
    int ControllerPort = 0);

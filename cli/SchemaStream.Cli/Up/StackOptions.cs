using Microsoft.Extensions.Logging;
using SchemaStream.Registry.Configuration;

namespace SchemaStream.Cli.Up;

/// <summary>What <c>schemastream up</c> was asked for.</summary>
/// <param name="DataDirectory">Holds the broker's and the registry's data, each in a folder of its own.</param>
/// <param name="Brokers">How many; more than one are processes of their own.</param>
/// <param name="Host">The address both bind to; null for the standard one, or the broker's settings.</param>
/// <param name="KafkaPort">The first broker's port, the others' follow; 0 for free ones; null for the standard one, or the broker's settings.</param>
/// <param name="RegistryPort">The registry's port, 0 for a free one.</param>
/// <param name="BrokerSettings">Broker settings by Kafka's names, as the command line has them.</param>
/// <param name="Environment">The variables that may hold settings; none where they are not to be read.</param>
/// <param name="LogLevel">The least severe message that is logged; null for what the settings say.</param>
/// <param name="ControllerPort">The first controller's port in a new cluster, the others' follow; 0 for free ones.</param>
internal sealed record StackOptions(
    DirectoryInfo DataDirectory,
    int Brokers,
    string? Host,
    int? KafkaPort,
    int RegistryPort,
    IReadOnlyDictionary<string, string> BrokerSettings,
    IReadOnlyList<KeyValuePair<string, string>> Environment,
    LogLevel? LogLevel,
    int ControllerPort = 0)
{
    public const string StandardHost = "127.0.0.1";
    public const int StandardKafkaPort = 9092;

    private const string RegistryVariables = "SCHEMASTREAM_REGISTRY_";

    /// <summary>The registry's settings, of one that is told twice the last counts.</summary>
    public IReadOnlyList<ToldRegistrySetting> RegistrySettings { get; init; } = [];

    /// <summary>Whether topics to try things on are made before it is ready.</summary>
    public bool SeedsDemo { get; init; }

    /// <summary>The variables without the registry's, which begin as the broker's own do.</summary>
    public IEnumerable<KeyValuePair<string, string>> BrokerEnvironment =>
        Environment.Where(variable => !variable.Key.StartsWith(RegistryVariables, StringComparison.Ordinal));
}

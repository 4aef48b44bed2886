using SchemaStream.Protocol.Client.Clusters;
using SchemaStream.Registry;
using SchemaStream.Registry.Configuration;

namespace SchemaStream.Cli.Up;

/// <summary>The registry of a stack: as its own settings say, but for what the stack itself decides.</summary>
internal static class StackRegistry
{
    public const string SetName = "--registry-set";
    public const string ConfigName = "--registry-config";

    /// <summary>What the stack decides, and by which of its options.</summary>
    private static readonly Dictionary<string, string> Decided = new(StringComparer.Ordinal)
    {
        [RegistrySettingNames.BootstrapServers] = "the registry's log is on this stack's brokers",
        [RegistrySettingNames.DataDirectory] = "--data-dir says where everything is kept",
        [RegistrySettingNames.LogLevel] = "broker and registry log alike: --log-level, or the broker's schemastream.log.level",
        [RegistrySettingNames.LogFormat] = "broker and registry log alike: --set schemastream.log.format",
    };

    /// <summary>The log is on the brokers' topics; one that an earlier version kept in a file goes there first.</summary>
    /// <exception cref="RegistryConfigurationException">A setting is none, no good, or the stack's to decide.</exception>
    public static RegistryOptions OptionsOf(
        StackOptions options, Func<CancellationToken, ValueTask<IReadOnlyList<BrokerAddress>>> brokers)
    {
        var directory = Path.Combine(options.DataDirectory.FullName, "registry");
        var told = Told(options, brokers);
        return told with
        {
            DataDirectory = directory,
            Host = options.Host ?? StackOptions.StandardHost,
            Port = options.RegistryPort,
            LogOpening = LogOpening.WhileListening,
            Kafka = told.Kafka! with
            {
                TakeOverDirectory = directory,

                // There is one registry in this stack, and a group of one would only cost the broker another topic. Should
                // others be pointed at the same topic, it joins them.
                Election = LeaderElection.WhenOthersWrite,
            },
        };
    }

    private static RegistryOptions Told(
        StackOptions options, Func<CancellationToken, ValueTask<IReadOnlyList<BrokerAddress>>> brokers)
    {
        if (options.RegistrySettings.Count == 0)
        {
            // Reading none would be a part of every start.
            return new() { DataDirectory = "", Kafka = new() { Bootstrap = brokers } };
        }

        if (options.RegistrySettings.FirstOrDefault(setting => Decided.ContainsKey(setting.Key)) is { } own)
        {
            throw new RegistryConfigurationException(
                $"{own.Place}: the registry setting '{own.Key}' is not for schemastream up: {Decided[own.Key]}");
        }

        var settings = RegistryConfiguration.From(options.RegistrySettings);
        var read = RegistryOptionsReader.Read(settings, TimeProvider.System, brokers);
        return read with
        {
            Listeners = settings.IsTold(RegistrySettingNames.Listeners) ? read.Listeners : [],
            Metrics = settings.IsTold(RegistrySettingNames.Metrics) ? read.Metrics : MetricsPage.Omitted,
            Kafka = read.Kafka! with { AdvertisedHost = settings.Given(RegistrySettingNames.HostName) },
        };
    }
}

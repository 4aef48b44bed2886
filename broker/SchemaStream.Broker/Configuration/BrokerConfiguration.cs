using SchemaStream.Broker.Nodes;
using SchemaStream.Broker.Server.Settings;

namespace SchemaStream.Broker.Configuration;

/// <summary>
/// A node's settings from all who told some, and where each came from. The command line goes before the environment, and
/// that before the file; what no one tells has its default.
/// </summary>
public sealed class BrokerConfiguration
{
    /// <summary>The switch of the command line that tells a setting.</summary>
    public const string Switch = "--set";

    private readonly Dictionary<string, ToldSetting> _told = new(StringComparer.Ordinal);
    private readonly BrokerConfigFile? _file;

    private BrokerConfiguration(BrokerConfigFile? file) => _file = file;

    /// <summary>By key.</summary>
    public IReadOnlyDictionary<string, string> Settings => _told.ToDictionary(told => told.Key, told => told.Value.Value, StringComparer.Ordinal);

    /// <summary>Whether anyone told anything.</summary>
    public bool IsEmpty => _told.Count == 0;

    /// <param name="file">Null for none.</param>
    /// <param name="environment">This process's variables; those of Kafka's images are read (see <see cref="EnvironmentSettings"/>).</param>
    /// <param name="commandLine">Keys and values; of one that is told twice, the last.</param>
    /// <exception cref="BrokerStartException">Two variables tell one setting differently.</exception>
    public static BrokerConfiguration From(
        BrokerConfigFile? file,
        IEnumerable<KeyValuePair<string, string>> environment,
        IEnumerable<KeyValuePair<string, string>> commandLine)
    {
        ArgumentNullException.ThrowIfNull(environment);
        ArgumentNullException.ThrowIfNull(commandLine);
        var configuration = new BrokerConfiguration(file);
        foreach (var (key, value) in file?.Settings ?? new Dictionary<string, string>())
        {
            configuration.Tell(new ToldSetting(key, value, file!.Where(key)));
        }

        var variables = EnvironmentSettings.Read(environment);
        foreach (var variable in variables)
        {
            configuration.Tell(variable);
        }

        foreach (var (key, value) in commandLine)
        {
            configuration.Tell(new ToldSetting(key, value, Switch));
        }

        configuration.DeriveListeners(variables);
        return configuration;
    }

    /// <summary>Where the setting was told; for one that no one told, the file if there is one, else nothing.</summary>
    public string Where(string key) => _told.TryGetValue(key, out var told) ? told.Place : _file?.Path ?? "";

    private void Tell(ToldSetting told) => _told[told.Key] = told;

    /// <summary>
    /// Kafka's images listen on every address at the ports that are advertised, where a container's variables say no more:
    /// the usual compose file relies on it.
    /// </summary>
    private void DeriveListeners(IReadOnlyList<ToldSetting> variables)
    {
        if (_told.ContainsKey(BrokerSettingNames.Listeners)
            || variables.FirstOrDefault(variable => variable.Key == BrokerSettingNames.AdvertisedListeners) is not { } advertised)
        {
            return;
        }

        try
        {
            var listeners = ListenerList.Parse(BrokerSettingNames.AdvertisedListeners, advertised.Value)
                .Select(listener => NodeListener.Format(listener.Name, "", listener.Port));
            Tell(new ToldSetting(BrokerSettingNames.Listeners, string.Join(',', listeners), advertised.Place));
        }
        catch (BrokerSettingException wrong)
        {
            throw new BrokerStartException($"{advertised.Place}: {wrong.Message}", wrong);
        }
    }
}

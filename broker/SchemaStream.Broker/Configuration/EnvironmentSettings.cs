using System.Collections.Frozen;
using System.Text;
using System.Text.RegularExpressions;
using SchemaStream.Broker.Server.Settings;

namespace SchemaStream.Broker.Configuration;

/// <summary>
/// Settings as environment variables, by the rule of Kafka's images: after the prefix, <c>_</c> is a dot, <c>__</c> an
/// underscore and <c>___</c> a dash; <c>KAFKA_NUM_PARTITIONS</c> is <c>num.partitions</c>. The prefix may be
/// <c>SCHEMASTREAM_</c> as well, where <c>SCHEMASTREAM_FLUSH</c> is <c>schemastream.flush</c>. One that is empty is not set.
/// </summary>
public static partial class EnvironmentSettings
{
    private const string Ours = "SCHEMASTREAM_";
    private const string Place = "environment variable ";

    /// <summary>The longer prefix first: it is another image's.</summary>
    private static readonly string[] Prefixes = ["KAFKA_CFG_", "KAFKA_", Ours];

    /// <summary>The one setting that the images take without a prefix.</summary>
    private const string ClusterIdVariable = "CLUSTER_ID";

    /// <summary>
    /// Variables with a prefix that are no settings: the images' own and those of Kafka's scripts, and what programs beside a
    /// broker are told.
    /// </summary>
    private static readonly FrozenSet<string> NotSettings = new[]
    {
        "BOOTSTRAP_SERVER", "BOOTSTRAP_SERVERS", "BROKER", "BROKERS", "CLASSPATH", "DEBUG", "DEBUG_SUSPEND_FLAG", "GC_LOG_OPTS", "HEAP_OPTS",
        "HOME", "HOST", "JAVA_DEBUG_OPTS", "JAVA_DEBUG_PORT", "JMX_HOSTNAME", "JMX_OPTS", "JMX_PORT", "JVM_PERFORMANCE_OPTS",
        "LOG4J_CMD_OPTS", "LOG4J_LOGGERS", "LOG4J_OPTS", "LOG4J_ROOT_LOGLEVEL", "MODE", "OPTS", "PORT", "TOOLS_LOG4J_LOGLEVEL", "VERSION",
        "APPROVE", "UPDATE_SCRIPTS", "CONFIG_HOME", "PROFILE", "REGISTRY_URL",
    }.ToFrozenSet(StringComparer.Ordinal);

    /// <exception cref="BrokerStartException">Two variables tell one setting differently.</exception>
    public static IReadOnlyList<ToldSetting> Read(IEnumerable<KeyValuePair<string, string>> environment)
    {
        ArgumentNullException.ThrowIfNull(environment);
        var told = new Dictionary<string, ToldSetting>(StringComparer.Ordinal);
        foreach (var setting in InOrder(environment))
        {
            var key = setting.Key;
            if (!told.TryAdd(key, setting) && told[key].Value != setting.Value)
            {
                throw new BrokerStartException(
                    $"Setting '{key}': expected it to be told once, found '{told[key].Value}' by {told[key].Place} and '{setting.Value}' by {setting.Place}");
            }
        }

        return [.. told.Values];
    }

    /// <summary>Those that are settings, by the variables' names: whichever order the system has them in, messages are the same.</summary>
    private static List<ToldSetting> InOrder(IEnumerable<KeyValuePair<string, string>> environment)
    {
        var settings = new List<ToldSetting>();
        foreach (var (name, value) in environment)
        {
            if (value.Length > 0 && KeyOf(name) is { } key && !IsOfService(name, value))
            {
                settings.Add(new ToldSetting(key, value, Place + name));
            }
        }

        settings.Sort((left, right) => string.CompareOrdinal(left.Place, right.Place));
        return settings;
    }

    /// <summary>This process's variables.</summary>
    public static IEnumerable<KeyValuePair<string, string>> OfThisProcess()
    {
        foreach (System.Collections.DictionaryEntry variable in Environment.GetEnvironmentVariables())
        {
            yield return KeyValuePair.Create((string)variable.Key, (string?)variable.Value ?? "");
        }
    }

    /// <summary>
    /// What an orchestrator tells every container of each service beside it, whose names may begin as ours do ("kafka",
    /// "kafka-ui", "schemastream-registry"): addresses, not settings.
    /// </summary>
    private static bool IsOfService(string name, string value) =>
        OfServices().IsMatch(name) || (name.EndsWith("_PORT", StringComparison.Ordinal) && Address().IsMatch(value));

    [GeneratedRegex("_SERVICE_(HOST|PORT)(_|$)|_PORT_[0-9]+_(TCP|UDP|SCTP)(_|$)", RegexOptions.CultureInvariant)]
    private static partial Regex OfServices();

    [GeneratedRegex("^(tcp|udp|sctp)://", RegexOptions.CultureInvariant)]
    private static partial Regex Address();

    /// <summary>Null for a variable that is no setting.</summary>
    private static string? KeyOf(string name)
    {
        if (name == ClusterIdVariable)
        {
            return BrokerSettingNames.ClusterId;
        }

        if (Array.Find(Prefixes, prefix => name.StartsWith(prefix, StringComparison.Ordinal)) is not { } prefix)
        {
            return null;
        }

        var rest = name[prefix.Length..];
        if (rest.Length == 0 || NotSettings.Contains(rest))
        {
            return null;
        }

        var key = Translate(rest);
        var own = Ours.ToLowerInvariant().Replace('_', '.') + key;
        return prefix == Ours && !BrokerSettingDefinitions.All.ContainsKey(key) && BrokerSettingDefinitions.All.ContainsKey(own) ? own : key;
    }

    private static string Translate(string name)
    {
        var key = new StringBuilder(name.Length);
        for (var i = 0; i < name.Length; i++)
        {
            if (name[i] != '_')
            {
                key.Append(char.ToLowerInvariant(name[i]));
                continue;
            }

            var underscores = name.AsSpan(i).StartsWith("___") ? 3 : name.AsSpan(i).StartsWith("__") ? 2 : 1;
            key.Append(underscores switch { 3 => '-', 2 => '_', _ => '.' });
            i += underscores - 1;
        }

        return key.ToString();
    }
}

using System.Collections.Frozen;
using System.Text;

namespace SchemaStream.Registry.Configuration;

/// <summary>
/// Settings as environment variables, by the rule of Confluent's image: after <c>SCHEMA_REGISTRY_</c>, <c>_</c> is a dot,
/// <c>__</c> an underscore and <c>___</c> a dash. After <c>SCHEMASTREAM_REGISTRY_</c> our own settings need no
/// <c>schemastream.</c>: <c>SCHEMASTREAM_REGISTRY_DATA_DIR</c> is <c>schemastream.data.dir</c>. An empty one is not set.
/// </summary>
public static class RegistryEnvironment
{
    private const string Confluents = "SCHEMA_REGISTRY_";
    private const string Ours = "SCHEMASTREAM_REGISTRY_";
    private const string OurNames = "schemastream.";

    /// <summary>Those of the image and of Java's scripts that are no settings.</summary>
    private static readonly FrozenSet<string> NotSettings = new[]
    {
        "OPTS", "HEAP_OPTS", "JMX_OPTS", "JMX_PORT", "JMX_HOSTNAME", "JVM_PERFORMANCE_OPTS", "LOG4J_OPTS", "LOG4J_LOGGERS",
        "LOG4J_ROOT_LOGLEVEL", "CLASSPATH", "CUB_KAFKA_TIMEOUT", "CUB_KAFKA_MIN_BROKERS", "HOME", "URL", "VERSION", "PORT", "HOST",
    }.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>The settings among variables, in the order of the variables' names; ours come last and so before Confluent's.</summary>
    public static IEnumerable<ToldRegistrySetting> Read(IEnumerable<KeyValuePair<string, string>> environment)
    {
        ArgumentNullException.ThrowIfNull(environment);
        return
            from variable in environment
            where variable.Value.Length > 0
            orderby variable.Key.StartsWith(Ours, StringComparison.Ordinal), variable.Key
            let key = KeyOf(variable.Key)
            where key is not null
            select new ToldRegistrySetting(key, variable.Value, "environment variable " + variable.Key);
    }

    private static string? KeyOf(string name)
    {
        var prefix = name.StartsWith(Ours, StringComparison.Ordinal) ? Ours
            : name.StartsWith(Confluents, StringComparison.Ordinal) ? Confluents
            : null;
        if (prefix is null || name[prefix.Length..] is not { Length: > 0 } rest || NotSettings.Contains(rest) || IsOfService(rest))
        {
            return null;
        }

        var key = Translate(rest);
        return prefix == Ours
            && !RegistrySettingDefinitions.All.ContainsKey(key)
            && RegistrySettingDefinitions.All.ContainsKey(OurNames + key)
                ? OurNames + key
                : key;
    }

    /// <summary>What an orchestrator tells every container of a service named "schema-registry".</summary>
    private static bool IsOfService(string rest) =>
        rest.StartsWith("SERVICE_", StringComparison.Ordinal) || rest.StartsWith("PORT_", StringComparison.Ordinal);

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

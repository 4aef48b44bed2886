using System.Text.RegularExpressions;
using SchemaStream.Cli.Errors;
using SchemaStream.Cli.Kafka;
using SchemaStream.Cli.Kafka.Connecting;

namespace SchemaStream.Cli.Profiles;

/// <summary>A setting with where it comes from.</summary>
/// <param name="Source">For people, such as <c>profile staging</c>.</param>
internal sealed record SettingValue(string Name, string Value, string Source)
{
    public bool IsSecret => SettingSecrets.IsSecret(Name);

    /// <summary>As it may be shown.</summary>
    public string Shown => SettingSecrets.Shown(Name, Value);
}

/// <summary>
/// What a command connects with. A switch goes before the file of <c>--command-config</c>, then comes the profile of
/// <c>--profile</c>, the environment, the profile in use, and what is so anyway.
/// </summary>
internal sealed class EffectiveSettings
{
    public const string ServersName = "bootstrap.servers";
    public const string RegistryName = "schema.registry.url";
    public const string ServersVariable = "SCHEMASTREAM_BOOTSTRAP_SERVERS";
    public const string RegistryVariable = "SCHEMASTREAM_REGISTRY_URL";
    public const string ProfileVariable = "SCHEMASTREAM_PROFILE";

    private readonly SortedDictionary<string, SettingValue> _values = new(StringComparer.Ordinal);

    private EffectiveSettings()
    {
    }

    /// <summary>All of them, by name.</summary>
    public IReadOnlyCollection<SettingValue> All => _values.Values;

    public string BootstrapServers => _values[ServersName].Value;

    public string RegistryUrl => _values[RegistryName].Value;

    /// <summary>The profile that counts; null for none.</summary>
    public string? Profile { get; private init; }

    /// <summary>Who named the profile; null for none.</summary>
    public string? ProfileSource { get; private init; }

    /// <summary>By Kafka's names.</summary>
    public Dictionary<string, string> Properties => _values.Values.ToDictionary(each => each.Name, each => each.Value, StringComparer.Ordinal);

    /// <param name="servers">As the switch says; null: it does not.</param>
    /// <param name="registry">As the switch says; null: it does not.</param>
    /// <param name="profile">As the switch says; null: it does not.</param>
    /// <param name="configFile">The file of <c>--command-config</c>.</param>
    /// <param name="environment">The environment's variables.</param>
    /// <exception cref="CliException">The profile is not there, or a file cannot be read.</exception>
    public static EffectiveSettings Resolve(
        string? servers, string? registry, string? profile, string? configFile, Func<string, string?> environment)
    {
        var store = ProfileStore.Of(environment);
        var (name, source) = profile is not null ? (profile, "--profile")
            : environment(ProfileVariable) is { Length: > 0 } variable ? (variable, $"environment {ProfileVariable}")
            : store.Current() is { } current ? (current, "profile use")
            : (null, null);
        var settings = new EffectiveSettings { Profile = name, ProfileSource = source };
        settings.Add(ServersName, "127.0.0.1:9092", "default");
        settings.Add(RegistryName, "http://127.0.0.1:8081", "default");
        if (profile is null)
        {
            settings.AddProfile(store, name);
        }

        settings.Add(ServersName, environment(ServersVariable), $"environment {ServersVariable}");
        settings.Add(RegistryName, environment(RegistryVariable), $"environment {RegistryVariable}");
        if (profile is not null)
        {
            settings.AddProfile(store, name);
        }

        settings.AddFile(configFile);
        settings.Add(ServersName, servers, "switch --bootstrap-server");
        settings.Add(RegistryName, registry, "switch --registry");
        return settings;
    }

    private void AddProfile(ProfileStore store, string? name)
    {
        if (name is not null)
        {
            foreach (var (key, value) in store.Load(name))
            {
                Add(key, value, $"profile {name}");
            }
        }
    }

    private void AddFile(string? file)
    {
        try
        {
            foreach (var (key, value) in ClientProperties.Load(file))
            {
                Add(key, value, $"file {file}");
            }
        }
        catch (ToolFailedException unreadable)
        {
            throw ErrorCatalog.FileUnusable.Exception("The file of --command-config cannot be read.", unreadable.Message, inner: unreadable);
        }
    }

    private void Add(string name, string? value, string source)
    {
        if (value is { Length: > 0 })
        {
            _values[name] = new SettingValue(name, value, source);
        }
    }
}

/// <summary>Which settings are not to be shown.</summary>
internal static partial class SettingSecrets
{
    public const string Hidden = "(hidden)";
    private static readonly string[] Words = ["password", "secret", "token", "jaas", "user.info", "credential", "private", "keystore.key", "passphrase"];

    public static bool IsSecret(string name) => Array.Exists(Words, word => name.Contains(word, StringComparison.OrdinalIgnoreCase));

    /// <summary>The value without what is secret in it: an address may have a password within.</summary>
    public static string Shown(string name, string value) => IsSecret(name) ? Hidden : UserOfAddress().Replace(value, $"$1{Hidden}@");

    [GeneratedRegex("(://)[^/@\\s,]+@", RegexOptions.None, 1000)]
    private static partial Regex UserOfAddress();
}

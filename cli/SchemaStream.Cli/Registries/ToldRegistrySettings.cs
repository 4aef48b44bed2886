using SchemaStream.Broker.Configuration;
using SchemaStream.Registry.Configuration;

namespace SchemaStream.Cli.Registries;

/// <summary>The registry's settings from a file, variables and the command line, in that order: of one that is told twice the later counts.</summary>
internal static class ToldRegistrySettings
{
    public static IReadOnlyList<ToldRegistrySetting> From(
        BrokerConfigFile? file,
        IEnumerable<KeyValuePair<string, string>> environment,
        Dictionary<string, string> commandLine,
        string option)
    {
        var fromFile = file?.Settings.Select(pair => new ToldRegistrySetting(pair.Key, pair.Value, file.Where(pair.Key))) ?? [];
        return
        [
            .. fromFile,
            .. RegistryEnvironment.Read(environment),
            .. commandLine.Select(pair => new ToldRegistrySetting(pair.Key, pair.Value, option)),
        ];
    }
}

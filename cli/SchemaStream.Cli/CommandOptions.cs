using System.CommandLine;
using System.CommandLine.Parsing;
using Microsoft.Extensions.Logging;

namespace SchemaStream.Cli;

/// <summary>Options that several commands have, and that mean the same in each.</summary>
internal static class CommandOptions
{
    public const string LogLevelName = "--log-level";

    /// <summary>Takes nothing from the environment.</summary>
    public const string NoEnvironmentName = "--no-environment";

    /// <summary>Null where it is not given: then the settings say it.</summary>
    public static Option<LogLevel?> LogLevel() => new(LogLevelName)
    {
        Description = "How much is logged to standard error; otherwise schemastream.log.level says it",
        HelpName = "LEVEL",
    };

    public static Option<FileInfo> ConfigFile(string description, bool required = true) => new("--config")
    {
        Description = description,
        HelpName = "FILE",
        Required = required,
    };

    public static Option<string[]> Settings() => Settings("--set", "--override");

    public static Option<string[]> Settings(string name, params string[] aliases)
    {
        var settings = new Option<string[]>(name, aliases)
        {
            Description = "A broker setting by Kafka's name, such as num.partitions=3; may be repeated. It goes before variables and files",
            HelpName = "KEY=VALUE",
            DefaultValueFactory = _ => [],
        };
        settings.Validators.Add(RefuseWhatIsNoPair);
        return settings;
    }

    public static Option<bool> NoEnvironment() => new(NoEnvironmentName)
    {
        Description = "Take no settings from environment variables (KAFKA_*, SCHEMASTREAM_*)",
    };

    /// <summary>What <see cref="Settings()"/> was given.</summary>
    public static Dictionary<string, string> Pairs(string[] settings)
    {
        var pairs = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var setting in settings)
        {
            var equals = setting.IndexOf('=', StringComparison.Ordinal);
            pairs[setting[..equals].Trim()] = setting[(equals + 1)..].Trim(); // a later one wins, as on every command line
        }

        return pairs;
    }

    private static void RefuseWhatIsNoPair(OptionResult result)
    {
        foreach (var token in result.Tokens)
        {
            if (token.Value.IndexOf('=', StringComparison.Ordinal) < 1)
            {
                result.AddError($"{result.Option.Name} {token.Value}: expected KEY=VALUE, such as --set num.partitions=3");
            }
        }
    }
}

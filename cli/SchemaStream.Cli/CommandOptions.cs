using System.CommandLine;
using Microsoft.Extensions.Logging;

namespace SchemaStream.Cli;

/// <summary>Options that several commands have, and that mean the same in each.</summary>
internal static class CommandOptions
{
    public static Option<LogLevel> LogLevel() => new("--log-level")
    {
        Description = "How much is logged to standard error",
        DefaultValueFactory = _ => Microsoft.Extensions.Logging.LogLevel.Information,
    };

    public static Option<FileInfo> ConfigFile(string description) => new("--config")
    {
        Description = description,
        HelpName = "FILE",
        Required = true,
    };
}

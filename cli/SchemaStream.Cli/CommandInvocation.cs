using System.CommandLine;
using SchemaStream.Cli.Kafka;

namespace SchemaStream.Cli;

/// <summary>One run of the command line, with the console that it is run at.</summary>
internal sealed class CommandInvocation : InvocationConfiguration
{
    public CommandInvocation(ToolConsole console)
    {
        Console = console;
        // Commands that run for long see to signals themselves, and have their own bound for a stop.
        ProcessTerminationTimeout = null;
    }

    public ToolConsole Console { get; }

    /// <summary>The environment's variables.</summary>
    public Func<string, string?> EnvironmentVariables { get; init; } = Environment.GetEnvironmentVariable;
}

using System.CommandLine;
using SchemaStream.Cli.Brokers;
using SchemaStream.Cli.Consuming;
using SchemaStream.Cli.Contracts;
using SchemaStream.Cli.Errors;
using SchemaStream.Cli.Kafka;
using SchemaStream.Cli.Kafka.Aliases;
using SchemaStream.Cli.Output;
using SchemaStream.Cli.Perf;
using SchemaStream.Cli.Producing;
using SchemaStream.Cli.Quorum;
using SchemaStream.Cli.Registries;
using SchemaStream.Cli.Schemas;
using SchemaStream.Cli.Topics;
using SchemaStream.Cli.Up;

namespace SchemaStream.Cli;

/// <summary>All commands but Kafka's tools, and how a command line is run.</summary>
internal static class CommandTree
{
    private static readonly (string Name, Func<Command> Create)[] Commands =
    [
        ("up", UpCommand.Create),
        (BrokerCommand.Name, BrokerCommand.Create),
        (RegistryCommand.Name, RegistryCommand.Create),
        ("quorum", QuorumCommand.Create),
        ("recover-quorum", RecoverQuorumCommand.Create),
        ("schemas", SchemasCommand.Create),
        (ContractsCommand.Name, ContractsCommand.Create),
        (ProduceCommand.Name, ProduceCommand.Create),
        (ConsumeCommand.Name, ConsumeCommand.Create),
        (PerfCommand.Name, PerfCommand.Create),
        (TopicsCommand.Name, TopicsCommand.Create),
        (InstallAliasesCommand.Name, InstallAliasesCommand.Create),
    ];

    /// <summary>The root with its commands.</summary>
    /// <param name="first">The first word of a command line: where it names a command, that one alone is made, for the others' options cost a start time.</param>
    public static RootCommand Create(string? first)
    {
        var root = new RootCommand(
            "SchemaStream: typed events on a Kafka-protocol broker, with a schema registry. Kafka's own command lines are here too: "
            + string.Join(", ", KafkaTools.Names) + ".");
        var isOne = Array.Exists(Commands, each => each.Name == first);
        foreach (var (name, create) in Commands)
        {
            if (!isOne || name == first)
            {
                root.Add(create());
            }
        }

        return root;
    }

    /// <summary>Returns the exit code.</summary>
    /// <param name="args">The command line.</param>
    /// <param name="console">Where it is run; null: at this process's own console.</param>
    public static async Task<int> RunAsync(string[] args, ToolConsole? console = null)
    {
        var parsed = Create(args.FirstOrDefault()).Parse(args);
        if (parsed.Errors.Count > 0 && parsed.CommandResult.Command is FriendlyCommand)
        {
            return TellUsage(parsed, console);
        }

        // Commands that run for long see to signals themselves, and have their own bound for a stop.
        return await parsed.InvokeAsync(
            console is null ? new InvocationConfiguration { ProcessTerminationTimeout = null } : new CommandInvocation(console));
    }

    private static int TellUsage(ParseResult parsed, ToolConsole? given)
    {
        var console = given ?? ToolConsole.OfProcess();
        try
        {
            // The value of --output may be what is wrong, so it is looked for, not asked for.
            var words = parsed.Tokens.Select(token => token.Value).ToList();
            var isJson = words.Zip(words.Skip(1)).Any(pair => pair.First == "--output" && pair.Second.Equals("json", StringComparison.OrdinalIgnoreCase));
            var output = new CommandOutput(console, isJson ? OutputFormat.Json : OutputFormat.Table);
            var command = parsed.CommandResult.Command;
            var path = command.Parents.OfType<FriendlyCommand>().FirstOrDefault() is { } parent ? $"{parent.Name} {command.Name}" : command.Name;
            output.Error(ErrorCatalog.Usage.Of(
                string.Join(" ", parsed.Errors.Select(error => error.Message)), nextStep: $"See `schemastream {path} --help`."));
            output.Flush();
            return ExitCodes.Usage;
        }
        finally
        {
            if (given is null)
            {
                console.Dispose();
            }
        }
    }
}

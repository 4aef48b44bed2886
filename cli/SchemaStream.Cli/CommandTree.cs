using System.CommandLine;
using SchemaStream.Cli.Brokers;
using SchemaStream.Cli.Completion;
using SchemaStream.Cli.Consuming;
using SchemaStream.Cli.Contracts;
using SchemaStream.Cli.Errors;
using SchemaStream.Cli.Groups;
using SchemaStream.Cli.Kafka;
using SchemaStream.Cli.Kafka.Aliases;
using SchemaStream.Cli.Perf;
using SchemaStream.Cli.Producing;
using SchemaStream.Cli.Profiles;
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
        (InstallAliasesCommand.Name, InstallAliasesCommand.Create),
        (TopicsCommand.Name, TopicsCommand.Create),
        (GroupsCommand.Name, GroupsCommand.Create),
        (ProfileCommand.Name, ProfileCommand.Create),
        (ExplainCommand.Name, ExplainCommand.Create),
        (CompletionCommand.Name, CompletionCommand.Create),
        (CompleteCommand.Name, CompleteCommand.Create),
    ];

    /// <summary>All commands' names.</summary>
    public static IEnumerable<string> Names => Commands.Select(each => each.Name);

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
    /// <param name="environment">The environment's variables; null: this process's own.</param>
    public static async Task<int> RunAsync(string[] args, ToolConsole? console = null, Func<string, string?>? environment = null)
    {
        var parsed = Create(args.FirstOrDefault()).Parse(args);
        if (args.Length == 0)
        {
            var errors = console?.Error ?? Console.Error;
            await Create(null).Parse("--help").InvokeAsync(new InvocationConfiguration { Output = errors, Error = errors });
            return ExitCodes.Usage;
        }

        if (parsed.Errors.Count > 0)
        {
            return UsageErrors.Tell(parsed, args, console);
        }

        // Commands that run for long see to signals themselves, and have their own bound for a stop.
        return await parsed.InvokeAsync(console is null
            ? new InvocationConfiguration { ProcessTerminationTimeout = null }
            : new CommandInvocation(console) { EnvironmentVariables = environment ?? Environment.GetEnvironmentVariable });
    }
}

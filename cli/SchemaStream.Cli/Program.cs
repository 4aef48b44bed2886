using System.CommandLine;
using SchemaStream.Cli.Brokers;
using SchemaStream.Cli.Kafka;
using SchemaStream.Cli.Kafka.Aliases;
using SchemaStream.Cli.Processes;
using SchemaStream.Cli.Quorum;
using SchemaStream.Cli.Registries;
using SchemaStream.Cli.Schemas;
using SchemaStream.Cli.Up;

// One of Kafka's tools: by the program's own name where a link has one, else by its first word.
var called = ThisProgram.CalledAs;
if (KafkaTools.Find(called) is { } alias)
{
    return await RunToolAsync(alias, called, args);
}

if (args is [var word, .. var rest] && KafkaTools.Find(word) is { } tool)
{
    return await RunToolAsync(tool, word, rest);
}

// Each command by its name: a start that asks for one makes that one alone, for the others' options cost it time.
(string Name, Func<Command> Create)[] commands =
[
    ("up", UpCommand.Create),
    (BrokerCommand.Name, BrokerCommand.Create),
    ("registry", RegistryCommand.Create),
    ("quorum", QuorumCommand.Create),
    ("recover-quorum", RecoverQuorumCommand.Create),
    ("schemas", SchemasCommand.Create),
    (InstallAliasesCommand.Name, InstallAliasesCommand.Create),
];

var root = new RootCommand(
    "SchemaStream: typed events on a Kafka-protocol broker, with a schema registry. Kafka's own command lines are here too: "
    + string.Join(", ", KafkaTools.Names) + ".");
var isOne = args.Length > 0 && Array.Exists(commands, each => each.Name == args[0]);
foreach (var (name, create) in commands)
{
    if (!isOne || name == args[0])
    {
        root.Add(create());
    }
}

// Commands that run for long see to signals themselves, and have their own bound for a stop.
var invocation = new InvocationConfiguration { ProcessTerminationTimeout = null };
return await root.Parse(args).InvokeAsync(invocation);

static async Task<int> RunToolAsync(IKafkaTool tool, string name, IReadOnlyList<string> arguments)
{
    using var console = ToolConsole.OfProcess();
    using var signals = new StopSignals(name, CancellationToken.None);
    return await KafkaTools.RunAsync(tool, arguments, console, signals.Stop.Token);
}

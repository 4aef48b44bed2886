using System.CommandLine;
using SchemaStream.Cli.Brokers;
using SchemaStream.Cli.Kafka;
using SchemaStream.Cli.Processes;
using SchemaStream.Cli.Quorum;
using SchemaStream.Cli.Registries;
using SchemaStream.Cli.Schemas;
using SchemaStream.Cli.Up;

if (args is [var name, .. var rest] && KafkaTools.Find(name) is { } tool)
{
    using var console = ToolConsole.OfProcess();
    using var signals = new StopSignals(name, CancellationToken.None);
    return await KafkaTools.RunAsync(tool, rest, console, signals.Stop.Token);
}

var root = new RootCommand("SchemaStream: typed events on a Kafka-protocol broker, with a schema registry.")
{
    UpCommand.Create(),
    BrokerCommand.Create(),
    RegistryCommand.Create(),
    QuorumCommand.Create(),
    RecoverQuorumCommand.Create(),
    SchemasCommand.Create(),
};

// Commands that run for long see to signals themselves, and have their own bound for a stop.
var invocation = new InvocationConfiguration { ProcessTerminationTimeout = null };
return await root.Parse(args).InvokeAsync(invocation);

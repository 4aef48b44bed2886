using System.CommandLine;
using SchemaStream.Cli.Brokers;
using SchemaStream.Cli.Quorum;
using SchemaStream.Cli.Up;

var root = new RootCommand("SchemaStream: typed events on a Kafka-protocol broker, with a schema registry.")
{
    UpCommand.Create(),
    BrokerCommand.Create(),
    QuorumCommand.Create(),
    RecoverQuorumCommand.Create(),
};

// SIGTERM and Ctrl-C cancel the command; what it needs to stop in order is longer than the library's default.
var invocation = new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromSeconds(60) };
return await root.Parse(args).InvokeAsync(invocation);

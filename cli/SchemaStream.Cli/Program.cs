using SchemaStream.Cli;
using SchemaStream.Cli.Kafka;
using SchemaStream.Cli.Processes;

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

return await CommandTree.RunAsync(args);

static async Task<int> RunToolAsync(IKafkaTool tool, string name, IReadOnlyList<string> arguments)
{
    using var console = ToolConsole.OfProcess();
    using var signals = new StopSignals(name, CancellationToken.None);
    return await KafkaTools.RunAsync(tool, arguments, console, signals.Stop.Token);
}

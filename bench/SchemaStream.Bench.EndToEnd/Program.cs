using SchemaStream.Bench.EndToEnd;

if (args is not ["--summary", ..])
{
    Console.WriteLine("usage: --summary [part of a name] [--program PATH of the schemastream to start]");
    return 1;
}

var program = Array.IndexOf(args, "--program") is var at and > 0 && at + 1 < args.Length ? args[at + 1] : null;
var filter = args.Length > 1 && args[1] != "--program" ? args[1] : "";
await using var broker = await BrokerProcess.StartAsync(program);
await new Summary(broker, filter).PrintAsync();
return 0;

using System.CommandLine;
using SchemaStream.Bench.Cluster.Allocations;

return await new RootCommand("What a cluster of brokers costs, and how long it takes to get over a loss.")
{
    AllocationCommand.Create(),
}.Parse(args).InvokeAsync();

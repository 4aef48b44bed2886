using System.CommandLine;
using SchemaStream.Bench.Cluster.Allocations;
using SchemaStream.Bench.Cluster.CatchUp;
using SchemaStream.Bench.Cluster.Elections;
using SchemaStream.Bench.Cluster.Failover;
using SchemaStream.Bench.Cluster.Throughput;

return await new RootCommand("What a cluster of brokers costs, and how long it takes to get over a loss.")
{
    AllocationCommand.Create(),
    FailoverCommand.Create(),
    ElectionCommand.Create(),
    ThroughputCommand.Create(),
    CatchUpCommand.Create(),
}.Parse(args).InvokeAsync();

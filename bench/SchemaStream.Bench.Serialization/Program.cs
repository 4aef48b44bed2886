using BenchmarkDotNet.Running;
using SchemaStream.Bench.Serialization;

if (args is ["--summary", ..])
{
    Summary.Print(args is [_, var filter] ? filter : "");
    return;
}

BenchmarkSwitcher.FromAssembly(typeof(AvroBenchmarks).Assembly).Run(args);

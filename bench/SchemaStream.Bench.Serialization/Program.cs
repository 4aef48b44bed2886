using BenchmarkDotNet.Running;
using SchemaStream.Bench.Serialization;

if (args is ["--summary"])
{
    Summary.Print();
    return;
}

BenchmarkSwitcher.FromAssembly(typeof(AvroBenchmarks).Assembly).Run(args);

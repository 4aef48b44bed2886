using BenchmarkDotNet.Attributes;
using Quickstart;
using SchemaStream.Bench.Serialization.Cases;
using SchemaStream.Bench.Serialization.Records;

namespace SchemaStream.Bench.Serialization;

/// <summary>The quickstart's record; <c>--summary</c> measures the others too.</summary>
[MemoryDiagnoser]
public class AvroBenchmarks
{
    private readonly AvroCase<OrderPlaced> _case = AvroRuntimeCases.Quickstart();

    [Benchmark]
    public int EncodeByHand() => _case.HandEncode();

    [Benchmark]
    public int Encode() => _case.OurEncode();

    [Benchmark]
    public OrderPlaced DecodeByHand() => _case.HandDecode();

    [Benchmark]
    public OrderPlaced Decode() => _case.OurDecode();
}

/// <summary>Twenty-five fields and ten lines.</summary>
[MemoryDiagnoser]
public class AvroOrderBenchmarks
{
    private readonly AvroCase<Order> _case = AvroRuntimeCases.Order();

    [Benchmark]
    public int EncodeByHand() => _case.HandEncode();

    [Benchmark]
    public int Encode() => _case.OurEncode();

    [Benchmark]
    public Order DecodeByHand() => _case.HandDecode();

    [Benchmark]
    public Order Decode() => _case.OurDecode();
}

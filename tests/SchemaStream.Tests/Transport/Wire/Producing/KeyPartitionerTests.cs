using System.Text;
using SchemaStream.Transport.Wire.Producing;

namespace SchemaStream.Tests.Transport.Wire.Producing;

/// <summary>A key has the partition that it has with every other client.</summary>
public sealed class KeyPartitionerTests
{
    /// <summary>The values that Kafka's own tests of this hash have.</summary>
    [Theory]
    [InlineData("21", -973932308)]
    [InlineData("foobar", -790332482)]
    [InlineData("a-little-bit-long-string", -985981536)]
    [InlineData("a-little-bit-longer-string", -1486304829)]
    [InlineData("lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8", -58897971)]
    [InlineData("abc", 479470107)]
    public void Hash_IsKafkas(string key, int hash) => ((int)KeyPartitioner.Hash(Encoding.UTF8.GetBytes(key))).ShouldBe(hash);

    [Fact]
    public void Choose_IsWithinThePartitions_WhateverTheSign()
    {
        foreach (var key in Enumerable.Range(0, 1000).Select(n => Encoding.UTF8.GetBytes($"{n}")))
        {
            KeyPartitioner.Choose(key, 7).ShouldBeInRange(0, 6);
        }
    }
}

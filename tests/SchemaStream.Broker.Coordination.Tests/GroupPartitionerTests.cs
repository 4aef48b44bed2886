namespace SchemaStream.Broker.Coordination.Tests;

public sealed class GroupPartitionerTests
{
    /// <summary>Java: Math.abs("...".hashCode()) % n; "polygenelubricants" hashes to the smallest int.</summary>
    [Theory]
    [InlineData("", 50, 0)]
    [InlineData("a", 50, 97 % 50)]
    [InlineData("orders", 1_000_000_000, 1_008_770_331 % 1_000_000_000)]
    [InlineData("polygenelubricants", 50, 0)]
    public void Partition_IsKafkas(string groupId, int count, int expected) =>
        GroupPartitioner.PartitionFor(groupId, count).ShouldBe(expected);

    [Fact]
    public void Partition_IsAlwaysInRange()
    {
        for (var i = 0; i < 10_000; i++)
        {
            GroupPartitioner.PartitionFor($"group-{i}", 50).ShouldBeInRange(0, 49);
        }
    }
}

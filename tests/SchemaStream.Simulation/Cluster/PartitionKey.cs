using System.Globalization;

namespace SchemaStream.Simulation.Cluster;

/// <summary>A partition, whatever its topic is called.</summary>
internal readonly record struct PartitionKey(string Topic, Guid TopicId, int Index) : IComparable<PartitionKey>
{
    public int CompareTo(PartitionKey other) => (Topic, TopicId, Index).CompareTo((other.Topic, other.TopicId, other.Index));

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Topic}-{Index}");
}

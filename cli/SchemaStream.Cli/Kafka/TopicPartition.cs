namespace SchemaStream.Cli.Kafka;

/// <summary>A partition of a topic, written as Kafka writes it: <c>orders-3</c>.</summary>
internal readonly record struct TopicPartition(string Topic, int Partition) : IComparable<TopicPartition>
{
    public int CompareTo(TopicPartition other) =>
        string.CompareOrdinal(Topic, other.Topic) is var byTopic and not 0 ? byTopic : Partition.CompareTo(other.Partition);

    public override string ToString() => FormattableString.Invariant($"{Topic}-{Partition}");
}

namespace SchemaStream.Broker.Coordination.Topics;

/// <summary>One partition, named so that a topic that is deleted and made again is another one.</summary>
public readonly record struct TopicPartitionId(Guid TopicId, int Partition) : IComparable<TopicPartitionId>
{
    public int CompareTo(TopicPartitionId other)
    {
        var byTopic = TopicId.CompareTo(other.TopicId);
        return byTopic != 0 ? byTopic : Partition.CompareTo(other.Partition);
    }

    public static bool operator <(TopicPartitionId left, TopicPartitionId right) => left.CompareTo(right) < 0;

    public static bool operator >(TopicPartitionId left, TopicPartitionId right) => left.CompareTo(right) > 0;

    public static bool operator <=(TopicPartitionId left, TopicPartitionId right) => left.CompareTo(right) <= 0;

    public static bool operator >=(TopicPartitionId left, TopicPartitionId right) => left.CompareTo(right) >= 0;
}

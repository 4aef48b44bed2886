namespace SchemaStream.Broker.Runtime.Access;

/// <summary>A partition by its topic's id, which unlike the name is never used a second time.</summary>
public readonly record struct TopicIdPartition(Guid TopicId, int Partition)
{
    public override string ToString() => $"{TopicId}-{Partition}";
}

namespace SchemaStream.Broker.Coordination.Transactions;

/// <summary>A partition as a transaction knows it: by its topic's name, which is what the log of transactions keeps.</summary>
public readonly record struct TopicPartitionName(string Topic, int Partition)
{
    public override string ToString() => $"{Topic}-{Partition}";
}

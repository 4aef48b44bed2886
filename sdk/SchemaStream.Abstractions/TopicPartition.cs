namespace SchemaStream;

/// <summary>One partition of a topic.</summary>
/// <param name="Topic">The topic's name.</param>
/// <param name="Partition">The partition, from 0.</param>
public readonly record struct TopicPartition(string Topic, int Partition);

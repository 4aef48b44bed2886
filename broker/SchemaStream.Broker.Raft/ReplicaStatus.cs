namespace SchemaStream.Broker.Raft;

/// <summary>How far a voter or observer is, as its leader knows.</summary>
/// <param name="Node">Which one.</param>
/// <param name="LogEndOffset">Everything below is on its disk; -1 when it has not fetched in this epoch.</param>
/// <param name="LastFetchMs">When it last fetched.</param>
/// <param name="LastCaughtUpMs">When it last fetched from the log's end on.</param>
public readonly record struct ReplicaStatus(NodeId Node, long LogEndOffset, long? LastFetchMs, long? LastCaughtUpMs);

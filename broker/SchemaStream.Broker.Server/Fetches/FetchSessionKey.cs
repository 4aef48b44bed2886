namespace SchemaStream.Broker.Server.Fetches;

/// <summary>What a partition is called in a session: by the topic's id (and no name) from Fetch v13 on, by its name before.</summary>
internal readonly record struct FetchSessionKey(Guid TopicId, string Topic, int Partition);

namespace SchemaStream.Broker.Raft;

/// <summary>The quorum's time-outs and bounds.</summary>
/// <param name="ElectionTimeoutMs">How long a round of votes may take; each round adds a random part of as much again.</param>
/// <param name="FetchTimeoutMs">How long a follower goes without its leader, and a leader without its majority.</param>
/// <param name="FetchMaxWaitMs">How long a leader holds a fetch for which it has nothing new.</param>
/// <param name="RetryMs">How long an unanswered request waits before it is sent again.</param>
/// <param name="MaxObservers">How many nodes besides the voters a leader keeps track of.</param>
/// <param name="ObserverSessionMs">How long an observer that does not fetch is kept track of.</param>
public sealed record RaftOptions(
    int ElectionTimeoutMs = 1_000,
    int FetchTimeoutMs = 2_000,
    int FetchMaxWaitMs = 500,
    int RetryMs = 500,
    int MaxObservers = 1_000,
    int ObserverSessionMs = 300_000);

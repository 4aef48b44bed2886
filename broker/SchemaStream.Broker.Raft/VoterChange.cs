namespace SchemaStream.Broker.Raft;

/// <summary>What became of a request to change the voters.</summary>
public enum VoterChange
{
    /// <summary>In the log, and in force; final once committed.</summary>
    Appended = 0,

    /// <summary>Another node leads.</summary>
    NotLeader = 1,

    /// <summary>A change adds or removes exactly one voter and leaves at least one.</summary>
    NotOneVoter = 2,

    /// <summary>An earlier change, or the leader's first record, is not committed yet.</summary>
    ChangeUnderWay = 3,

    /// <summary>The new voter's log is behind the high watermark: as a voter it would hold the quorum up.</summary>
    NotCaughtUp = 4,
}

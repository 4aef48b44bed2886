using SchemaStream.Protocol.Messages;

namespace SchemaStream.Transport.Wire.Fetching;

/// <summary>Where the fetching of one partition is. Touched under the fetcher's lock alone.</summary>
/// <param name="partition">The partition.</param>
internal sealed class PartitionCursor(AssignedPartition partition)
{
    /// <summary>No broker, epoch or offset.</summary>
    public const int None = -1;

    /// <summary>What a partition needs next.</summary>
    public enum Stage
    {
        /// <summary>The group's committed offset.</summary>
        Committed,

        /// <summary>The offset of its beginning or end.</summary>
        Position,

        /// <summary>To know whether a new leader's log is the old one's, up to here (KIP-320).</summary>
        Validation,

        /// <summary>Records.</summary>
        Records,
    }

    public AssignedPartition Partition { get; } = partition;

    public int Index => Partition.Name.Partition;

    public Stage At { get; set; }

    /// <summary>Counts beginnings: an answer to what was asked before the last one is void.</summary>
    public int Version { get; private set; }

    public int Generation { get; private set; }

    /// <summary>The next offset to ask for; at <see cref="Stage.Position"/> a name of <see cref="PartitionOffset"/>.</summary>
    public long Offset { get; set; }

    /// <summary>The leader epoch of the record before it.</summary>
    public int OffsetEpoch { get; set; } = None;

    public int LeaderId { get; set; } = None;

    public int LeaderEpoch { get; set; } = None;

    /// <summary>A replica that the leader would rather have asked (KIP-392), for some time.</summary>
    public int ReplicaId { get; set; } = None;

    public long ReplicaUntilMs { get; set; }

    /// <summary>It is left alone until then.</summary>
    public long RetryAtMs { get; set; }

    /// <summary>Whether an answer is on its way.</summary>
    public bool IsAsked { get; set; }

    /// <summary>The fetch that it is part of.</summary>
    public FetchTurn? Turn { get; set; }

    /// <summary>How many of its bytes wait for the reader.</summary>
    public long HeldBytes { get; set; }

    /// <summary>And how many of its records.</summary>
    public long HeldRecords { get; set; }

    /// <summary>The end that the reader was told of last.</summary>
    public long ToldEnd { get; set; } = None;

    /// <summary>Whether it is not known yet how far its end is: the next answer must not wait for records.</summary>
    public bool WantsEnd { get; set; }

    /// <summary>How often its bytes were damaged since records came last.</summary>
    public int Corruptions { get; set; }

    /// <summary>What it has in a request.</summary>
    public FetchRequest.FetchPartition Request { get; } = new();

    /// <summary>Whether it has something to fetch now.</summary>
    public bool IsReady(long nowMs) =>
        At == Stage.Records && !IsAsked && LeaderId != None && RetryAtMs <= nowMs && Partition.Pauses == PauseReasons.None;

    /// <summary>Who is asked for records.</summary>
    public int NodeAt(long nowMs) => ReplicaId != None && nowMs < ReplicaUntilMs ? ReplicaId : LeaderId;

    /// <summary>Begins anew: whatever is under way or waits for the reader is void.</summary>
    /// <param name="generation">The generation of what comes.</param>
    /// <param name="stage">What is needed first.</param>
    /// <param name="offset">The offset, or a name of one.</param>
    public void Begin(int generation, Stage stage, long offset)
    {
        Version++;
        Generation = generation;
        At = stage;
        Offset = offset;
        OffsetEpoch = None;
        HeldBytes = 0;
        HeldRecords = 0;
        ToldEnd = None;
        WantsEnd = true;
        RetryAtMs = 0;
        IsAsked = false;
        Turn = null;
        Request.LastFetchedEpoch = None;
    }

    /// <summary>Leaves it alone for a while.</summary>
    public void Delay(long untilMs)
    {
        IsAsked = false;
        Turn = null;
        RetryAtMs = untilMs;
    }
}

using SchemaStream.Broker.Raft;
using SchemaStream.Protocol;

namespace SchemaStream.Broker.Runtime.Quorum;

/// <summary>What became of a change of the voters.</summary>
internal sealed record VoterChangeResult(ErrorCode Error, string? Message)
{
    public static VoterChangeResult Done { get; } = new(ErrorCode.None, null);

    public static VoterChangeResult NotLeader { get; } =
        new(ErrorCode.NotLeaderOrFollower, "This node does not lead the quorum of controllers.");
}

/// <summary>One voter that is to come or to go.</summary>
/// <param name="IsAdded">To come.</param>
/// <param name="Endpoint">Of its controller listener.</param>
/// <param name="DeadlineMs">Until when it may take.</param>
/// <param name="WaitsForCommit">Whether it is done only when it can no longer be undone.</param>
internal sealed record VoterChangeRequest(NodeId Node, bool IsAdded, HostAndPort? Endpoint, long DeadlineMs, bool WaitsForCommit)
{
    public TaskCompletionSource<VoterChangeResult?> Result { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The end offset and epoch of its record, once that is in the log.</summary>
    public (long EndOffset, int LeaderEpoch)? Appended { get; set; }
}

/// <summary>Changes of the voters under way: each waits until its turn comes and until it is committed. On the loop alone.</summary>
internal sealed class VoterChanges(QuorumRaft raft)
{
    private const int MaxWaiting = 16;

    private readonly List<VoterChangeRequest> _waiting = [];
    private long _committed;

    public void Add(VoterChangeRequest request, long nowMs)
    {
        if (_waiting.Count == MaxWaiting)
        {
            request.Result.TrySetResult(new(ErrorCode.RequestTimedOut, $"{MaxWaiting} changes of the voters wait already."));
            return;
        }

        _waiting.Add(request);
        Advance(nowMs);
    }

    /// <summary>Everything below is on a majority's disks: this node's own too, which the machine takes for granted a round before.</summary>
    public void Committed(long highWatermark, long nowMs)
    {
        _committed = highWatermark;
        Advance(nowMs);
    }

    /// <summary>Goes on with what can go on now.</summary>
    public void Advance(long nowMs)
    {
        for (var i = 0; i < _waiting.Count; i++)
        {
            if (Advance(_waiting[i], nowMs) is { } result)
            {
                _waiting[i].Result.TrySetResult(result);
                _waiting.RemoveAt(i--);
            }
        }
    }

    public void Stop()
    {
        _waiting.ForEach(request => request.Result.TrySetResult(VoterChangeResult.NotLeader));
        _waiting.Clear();
    }

    private VoterChangeResult? Advance(VoterChangeRequest request, long nowMs)
    {
        if (request.Appended is { } appended)
        {
            return AfterAppend(request, appended, nowMs);
        }

        if (!raft.IsLeader)
        {
            return VoterChangeResult.NotLeader;
        }

        if (Refusal(request) is { } refusal)
        {
            return refusal;
        }

        var voters = request.IsAdded ? raft.Voters.With(request.Node, request.Endpoint) : raft.Voters.Without(request.Node);
        switch (raft.ChangeVoters(voters, nowMs))
        {
            case VoterChange.Appended:
                request.Appended = (raft.LogEndOffset, raft.LeaderEpoch);
                return request.WaitsForCommit ? AfterAppend(request, request.Appended.Value, nowMs) : VoterChangeResult.Done;
            case VoterChange.ChangeUnderWay when nowMs >= request.DeadlineMs:
                return new(ErrorCode.RequestTimedOut, "An earlier change of the voters is not committed yet.");
            case VoterChange.NotCaughtUp when nowMs >= request.DeadlineMs:
                return new(ErrorCode.RequestTimedOut, $"Node {request.Node} has not caught up with the log: it has to follow it before it votes.");
            case VoterChange.NotOneVoter:
                return new(ErrorCode.InvalidRequest, "One voter at a time comes or goes, and one has to stay.");
            default:
                return null;
        }
    }

    private VoterChangeResult? AfterAppend(VoterChangeRequest request, (long EndOffset, int LeaderEpoch) appended, long nowMs)
    {
        // A leader that took itself out resigns with the commit, in the same epoch.
        if (raft.LeaderEpoch != appended.LeaderEpoch)
        {
            return new(ErrorCode.NotLeaderOrFollower, "Leadership changed meanwhile: whether the change stays is not known.");
        }

        if (_committed >= appended.EndOffset)
        {
            return VoterChangeResult.Done;
        }

        return nowMs >= request.DeadlineMs
            ? new(ErrorCode.RequestTimedOut, "The change is in the log, but not committed yet.")
            : null;
    }

    private VoterChangeResult? Refusal(VoterChangeRequest request) => (request.IsAdded, raft.Voters.Contains(request.Node)) switch
    {
        (true, true) => new(ErrorCode.DuplicateVoter, $"Node {request.Node} is a voter already."),
        (false, false) => new(ErrorCode.VoterNotFound, $"Node {request.Node} is no voter."),
        _ => null,
    };
}

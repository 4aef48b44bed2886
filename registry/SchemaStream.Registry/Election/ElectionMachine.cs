using SchemaStream.Protocol;
using SchemaStream.Protocol.Messages;

namespace SchemaStream.Registry.Election;

/// <summary>A member of the group, request by request: says what to send next and takes the answers. Does no I/O.</summary>
/// <remarks>
/// A leader goes on leading while the group rebalances, until it is told otherwise or is not a member any more. That is
/// safe, since the log itself keeps out who wrote before; and it keeps writes going while instances come and go.
/// </remarks>
internal sealed class ElectionMachine(string group, MemberIdentity self, KafkaStoreOptions options)
{
    public const string ProtocolType = "sr";
    public const string ProtocolName = "v0";
    public static readonly TimeSpan RebalanceTimeout = TimeSpan.FromSeconds(300);

    private string _memberId = "";
    private int _generation = -1;
    private List<SyncGroupRequest.SyncGroupRequestAssignment> _assignments = [];

    /// <summary>What to send next.</summary>
    public ElectionPhase Phase { get; private set; } = ElectionPhase.Join;

    /// <summary>What this member was told last.</summary>
    public Assignment Assignment { get; private set; } = Assignment.Nobody;

    public bool IsLeader => Assignment.LeaderId is { } leader && leader == _memberId;

    /// <summary>Whether the group knows this member.</summary>
    public bool IsMember => _memberId.Length > 0;

    public JoinGroupRequest Join() => new()
    {
        GroupId = group,
        SessionTimeoutMs = (int)options.SessionTimeout.TotalMilliseconds,
        RebalanceTimeoutMs = (int)RebalanceTimeout.TotalMilliseconds,
        MemberId = _memberId,
        ProtocolType = ProtocolType,
        Protocols = [new() { Name = ProtocolName, Metadata = (self with { IsLeader = IsLeader }).Write() }],
    };

    public SyncGroupRequest Sync() => new()
    {
        GroupId = group, GenerationId = _generation, MemberId = _memberId, Assignments = _assignments,
    };

    public HeartbeatRequest Heartbeat() => new() { GroupId = group, GenerationId = _generation, MemberId = _memberId };

    public LeaveGroupRequest Leave() => new() { GroupId = group, Members = [new() { MemberId = _memberId }] };

    /// <returns>None, or the error to wait a while for.</returns>
    public ErrorCode Joined(JoinGroupResponse answer)
    {
        switch (answer.ErrorCode)
        {
            case ErrorCode.None:
                _memberId = answer.MemberId;
                _generation = answer.GenerationId;
                _assignments = answer.Leader == _memberId ? Assign(answer) : [];
                Phase = ElectionPhase.Sync;
                return ErrorCode.None;
            case ErrorCode.MemberIdRequired:
                _memberId = answer.MemberId;
                return ErrorCode.None;
            case ErrorCode.UnknownMemberId:
                Forgotten();
                return ErrorCode.None;
            default:
                return answer.ErrorCode;
        }
    }

    /// <returns>None, or the error to wait a while for.</returns>
    public ErrorCode Synced(SyncGroupResponse answer)
    {
        switch (answer.ErrorCode)
        {
            case ErrorCode.None:
                Assignment = Assignment.Read(answer.Assignment);
                Phase = ElectionPhase.Beat;
                return ErrorCode.None;
            case ErrorCode.UnknownMemberId or ErrorCode.IllegalGeneration:
                Forgotten();
                return ErrorCode.None;
            case ErrorCode.RebalanceInProgress:
                Phase = ElectionPhase.Join;
                return ErrorCode.None;
            default:
                Phase = ElectionPhase.Join;
                return answer.ErrorCode;
        }
    }

    /// <returns>None, or the error to wait a while for.</returns>
    public ErrorCode Beaten(HeartbeatResponse answer)
    {
        switch (answer.ErrorCode)
        {
            case ErrorCode.None:
                return ErrorCode.None;
            case ErrorCode.RebalanceInProgress:
                Phase = ElectionPhase.Join;
                return ErrorCode.None;
            case ErrorCode.UnknownMemberId or ErrorCode.IllegalGeneration:
                Forgotten();
                return ErrorCode.None;
            default:
                return answer.ErrorCode;
        }
    }

    /// <summary>The session has run out: whoever leads now, it need not be who led then.</summary>
    /// <remarks>
    /// A coordinator that was away itself gives every member a new session and goes on with the old generation: its
    /// heartbeats succeed and name nobody. Only who joins anew is told who leads.
    /// </remarks>
    public void Lapsed()
    {
        Assignment = Assignment.Nobody;
        Phase = ElectionPhase.Join;
    }

    private void Forgotten()
    {
        _memberId = "";
        _generation = -1;
        Assignment = Assignment.Nobody;
        Phase = ElectionPhase.Join;
    }

    private List<SyncGroupRequest.SyncGroupRequestAssignment> Assign(JoinGroupResponse answer)
    {
        var members = new Dictionary<string, MemberIdentity>();
        foreach (var member in answer.Members)
        {
            // Whoever cannot be understood cannot lead; it is told all the same who does.
            if (MemberIdentity.Read(member.Metadata) is { } identity)
            {
                members[member.MemberId] = identity;
            }
        }

        var chosen = Assignment.Choose(members, options.Stickiness).Write();
        return answer.Members.ConvertAll(
            member => new SyncGroupRequest.SyncGroupRequestAssignment { MemberId = member.MemberId, Assignment = chosen });
    }
}

/// <summary>What a member of the group sends next.</summary>
internal enum ElectionPhase
{
    Join = 0,
    Sync = 1,
    Beat = 2,
}

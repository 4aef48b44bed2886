namespace SchemaStream.Broker.Raft.Roles;

/// <summary>Who may become what. Every change of role passes here.</summary>
internal static class RoleTransitions
{
    // from          to            when
    // (any)         Unattached    a higher epoch is seen without its leader; an observer loses its leader
    // (any)         Follower      a leader of this or a higher epoch makes itself known
    // Unattached    Prospective   its time is up, and it is a voter
    // Follower      Prospective   its leader is silent for the fetch time-out
    // Resigned      Prospective   its time is up
    // Prospective   Prospective   a round without a majority ends
    // Candidate     Prospective   a round without a majority ends
    // Prospective   Candidate     a majority would vote for it; the epoch grows by one
    // (any but L.)  Candidate     its leader names it as successor
    // Candidate     Leader        a majority has voted for it
    // Leader        Resigned      it hands over, loses its majority, or is no voter any more
    private static readonly HashSet<(Type From, Type To)> Allowed =
    [
        (typeof(UnattachedRole), typeof(UnattachedRole)),
        (typeof(UnattachedRole), typeof(FollowerRole)),
        (typeof(UnattachedRole), typeof(ProspectiveRole)),
        (typeof(UnattachedRole), typeof(CandidateRole)),
        (typeof(FollowerRole), typeof(UnattachedRole)),
        (typeof(FollowerRole), typeof(FollowerRole)),
        (typeof(FollowerRole), typeof(ProspectiveRole)),
        (typeof(FollowerRole), typeof(CandidateRole)),
        (typeof(ProspectiveRole), typeof(UnattachedRole)),
        (typeof(ProspectiveRole), typeof(FollowerRole)),
        (typeof(ProspectiveRole), typeof(ProspectiveRole)),
        (typeof(ProspectiveRole), typeof(CandidateRole)),
        (typeof(CandidateRole), typeof(UnattachedRole)),
        (typeof(CandidateRole), typeof(FollowerRole)),
        (typeof(CandidateRole), typeof(ProspectiveRole)),
        (typeof(CandidateRole), typeof(CandidateRole)),
        (typeof(CandidateRole), typeof(LeaderRole)),
        (typeof(LeaderRole), typeof(UnattachedRole)),
        (typeof(LeaderRole), typeof(FollowerRole)),
        (typeof(LeaderRole), typeof(ResignedRole)),
        (typeof(ResignedRole), typeof(UnattachedRole)),
        (typeof(ResignedRole), typeof(FollowerRole)),
        (typeof(ResignedRole), typeof(ProspectiveRole)),
        (typeof(ResignedRole), typeof(CandidateRole)),
    ];

    public static bool IsAllowed(RaftRole from, RaftRole to) => Allowed.Contains((from.GetType(), to.GetType()));
}

using System.Collections.Immutable;
using SchemaStream.Broker.Coordination.Commands;
using SchemaStream.Broker.Coordination.Offsets;
using SchemaStream.Protocol;

namespace SchemaStream.Broker.Coordination.Groups.Classic;

/// <summary>
/// A classic group as its coordinator sees it now: the kept generation, and what is only in memory (who waits, who is
/// about to join). Decisions are made on a copy, which takes the original's place once the decision is accepted.
/// </summary>
internal sealed partial class ClassicGroup(string groupId)
{
    /// <summary>In order of arrival, so that a run can be repeated exactly.</summary>
    private readonly OrderedDictionary<string, ClassicMember> _members = new(StringComparer.Ordinal);

    private readonly Dictionary<string, string> _staticMembers = new(StringComparer.Ordinal);

    public string GroupId { get; } = groupId;

    public ClassicGroupState State { get; private set; }

    public long StateTimestampMs { get; private set; } = -1;

    public string? ProtocolType { get; private set; }

    public string? ProtocolName { get; private set; }

    public int GenerationId { get; private set; }

    public string? LeaderId { get; private set; }

    /// <summary>Ids given out with MEMBER_ID_REQUIRED and not come back yet, with their deadlines.</summary>
    public OrderedDictionary<string, long> PendingMembers { get; } = new(StringComparer.Ordinal);

    /// <summary>When the join phase ends, while there is one.</summary>
    public long? JoinDeadlineMs { get; set; }

    /// <summary>When those who have not synced go, while someone has not.</summary>
    public long? SyncDeadlineMs { get; set; }

    /// <summary>By how much the first join phase may still be extended; null outside of it.</summary>
    public TimeSpan? InitialDelayLeft { get; set; }

    /// <summary>Someone joined since the first join phase was last extended.</summary>
    public bool MemberJoinedInInitialDelay { get; set; }

    public IList<ClassicMember> Members => _members.Values;

    public int MemberCount => _members.Count;

    public bool IsConsumerGroup => ProtocolType == "consumer";

    public string StateName => State.ToString();

    public bool HasAllMembersJoined => PendingMembers.Count == 0 && AwaitingJoinCount == _members.Count;

    public int AwaitingJoinCount => _members.Values.Count(member => member.AwaitingJoin is not null);

    public TimeSpan RebalanceTimeout => _members.Values.Select(member => member.RebalanceTimeout).DefaultIfEmpty().Max();

    public ClassicGroup Copy()
    {
        var copy = new ClassicGroup(GroupId)
        {
            State = State,
            StateTimestampMs = StateTimestampMs,
            ProtocolType = ProtocolType,
            ProtocolName = ProtocolName,
            GenerationId = GenerationId,
            LeaderId = LeaderId,
            JoinDeadlineMs = JoinDeadlineMs,
            SyncDeadlineMs = SyncDeadlineMs,
            InitialDelayLeft = InitialDelayLeft,
            MemberJoinedInInitialDelay = MemberJoinedInInitialDelay,
        };
        copy._members.EnsureCapacity(_members.Count + 1);
        foreach (var member in _members.Values)
        {
            copy.Put(member);
        }

        foreach (var (memberId, deadline) in PendingMembers)
        {
            copy.PendingMembers.Add(memberId, deadline);
        }

        return copy;
    }

    public ClassicMember? Member(string memberId) => _members.GetValueOrDefault(memberId);

    public ClassicMember? StaticMember(string instanceId) =>
        _staticMembers.TryGetValue(instanceId, out var memberId) ? _members[memberId] : null;

    public bool IsLeader(string memberId) => LeaderId == memberId;

    /// <summary>Whether someone with these protocols fits in: the type is the group's, and one protocol is offered by all.</summary>
    public bool Supports(string protocolType, IReadOnlyList<JoinProtocol> protocols) =>
        State == ClassicGroupState.Empty
            ? protocolType.Length > 0 && protocols.Count > 0
            : ProtocolType == protocolType && protocols.Any(protocol => _members.Values.All(member => member.Offers(protocol.Name)));

    /// <summary>The member that a request says it comes from, or why it cannot be.</summary>
    public ErrorCode Validate(string memberId, string? instanceId)
    {
        if (instanceId is not null)
        {
            if (!_staticMembers.TryGetValue(instanceId, out var known))
            {
                return ErrorCode.UnknownMemberId;
            }

            if (known != memberId)
            {
                return ErrorCode.FencedInstanceId;
            }
        }

        return _members.ContainsKey(memberId) ? ErrorCode.None : ErrorCode.UnknownMemberId;
    }

    public void Add(ClassicMember member, string protocolType)
    {
        if (_members.Count == 0)
        {
            ProtocolType = protocolType;
        }

        LeaderId ??= member.MemberId;
        PendingMembers.Remove(member.MemberId);
        Put(member);
    }

    /// <summary>Puts the newer state of a member in the place of the older.</summary>
    public void Put(ClassicMember member)
    {
        _members[member.MemberId] = member;
        if (member.GroupInstanceId is not null)
        {
            _staticMembers[member.GroupInstanceId] = member.MemberId;
        }
    }

    /// <summary>A static member came back: it gets a new id, and keeps its place and its assignment.</summary>
    public void Replace(ClassicMember old, ClassicMember replacement)
    {
        var index = _members.IndexOf(old.MemberId);
        _members.RemoveAt(index);
        _members.Insert(index, replacement.MemberId, replacement);
        _staticMembers[replacement.GroupInstanceId!] = replacement.MemberId;
        if (IsLeader(old.MemberId))
        {
            LeaderId = replacement.MemberId;
        }
    }

    public void Remove(ClassicMember member)
    {
        _members.Remove(member.MemberId);
        if (member.GroupInstanceId is not null)
        {
            _staticMembers.Remove(member.GroupInstanceId);
        }

        if (IsLeader(member.MemberId))
        {
            LeaderId = _members.Count > 0 ? _members.GetAt(0).Key : null;
        }
    }

    /// <summary>Keeps the leader if it has joined, else takes the first who has; false if no one has.</summary>
    public bool ElectJoinedLeader()
    {
        if (LeaderId is not null && Member(LeaderId)?.AwaitingJoin is not null)
        {
            return true;
        }

        var joined = _members.Values.FirstOrDefault(member => member.AwaitingJoin is not null);
        LeaderId = joined?.MemberId ?? LeaderId;
        return joined is not null;
    }

    public void MoveTo(ClassicGroupState state, long nowMs)
    {
        State = state;
        StateTimestampMs = nowMs;
    }

    /// <summary>A new generation of those who are here: they must sync, or there is no one.</summary>
    public void StartGeneration(long nowMs)
    {
        GenerationId = GenerationId == int.MaxValue ? 1 : GenerationId + 1;
        if (_members.Count == 0)
        {
            ProtocolName = null;
            LeaderId = null;
            MoveTo(ClassicGroupState.Empty, nowMs);
        }
        else
        {
            ProtocolName = SelectProtocol();
            MoveTo(ClassicGroupState.CompletingRebalance, nowMs);
        }
    }

    /// <summary>Each member votes for the first of its protocols that all offer; ties go to the one voted for first.</summary>
    public string SelectProtocol()
    {
        var votes = new OrderedDictionary<string, int>(StringComparer.Ordinal);
        var common = _members.GetAt(0).Value.Protocols
            .Select(protocol => protocol.Name)
            .Where(name => _members.Values.All(member => member.Offers(name)))
            .ToHashSet(StringComparer.Ordinal);
        foreach (var member in _members.Values)
        {
            foreach (var protocol in member.Protocols)
            {
                if (common.Contains(protocol.Name))
                {
                    votes[protocol.Name] = votes.GetValueOrDefault(protocol.Name) + 1;
                    break;
                }
            }
        }

        return votes.MaxBy(vote => vote.Value).Key
            ?? throw new InvalidOperationException($"Group {GroupId} has members without a protocol in common.");
    }

    /// <summary>All members with their metadata for the chosen protocol, as the leader is told.</summary>
    public IReadOnlyList<JoinedMember> JoinedMembers() =>
        [.. _members.Values.Select(member => new JoinedMember(member.MemberId, member.GroupInstanceId, member.Metadata(ProtocolName)))];

    /// <summary>The topics that a consumer group's members read; null where that cannot be told.</summary>
    public HashSet<string>? SubscribedTopics() =>
        IsConsumerGroup && ProtocolName is not null
            ? ConsumerSubscription.Topics(_members.Values.Select(member => member.Metadata(ProtocolName)))
            : null;
}

using SchemaStream.Broker.Coordination.Commands;

namespace SchemaStream.Broker.Coordination.Groups.Classic;

internal sealed partial class ClassicGroup
{
    /// <summary>What is kept of the group.</summary>
    public GroupMetadata ToMetadata() => new()
    {
        ProtocolType = ProtocolType ?? "",
        GenerationId = GenerationId,
        ProtocolName = ProtocolName,
        LeaderId = LeaderId,
        CurrentStateTimestampMs = StateTimestampMs,
        Members = [.. _members.Values.Select(member => new PersistedMember
        {
            MemberId = member.MemberId,
            GroupInstanceId = member.GroupInstanceId,
            ClientId = member.ClientId,
            ClientHost = member.ClientHost,
            RebalanceTimeout = member.RebalanceTimeout,
            SessionTimeout = member.SessionTimeout,
            Subscription = member.Metadata(ProtocolName),
            Assignment = member.Assignment,
        })],
    };

    /// <summary>Takes up what is kept: a group with members is stable, and each has a full session before it.</summary>
    public static ClassicGroup Load(string groupId, GroupMetadata kept, long nowMs)
    {
        var group = new ClassicGroup(groupId)
        {
            State = kept.Members.IsEmpty ? ClassicGroupState.Empty : ClassicGroupState.Stable,
            StateTimestampMs = kept.CurrentStateTimestampMs,
            ProtocolType = kept.ProtocolType.Length > 0 ? kept.ProtocolType : null,
            ProtocolName = kept.ProtocolName,
            GenerationId = kept.GenerationId,
            LeaderId = kept.LeaderId,
        };
        foreach (var member in kept.Members)
        {
            group.Put(new ClassicMember
            {
                MemberId = member.MemberId,
                GroupInstanceId = member.GroupInstanceId,
                ClientId = member.ClientId,
                ClientHost = member.ClientHost,
                SessionTimeout = member.SessionTimeout,
                RebalanceTimeout = member.RebalanceTimeout,
                Protocols = [new JoinProtocol(kept.ProtocolName ?? "", member.Subscription)],
                Assignment = member.Assignment,
                Session = new SessionDeadline { DeadlineMs = nowMs + (long)member.SessionTimeout.TotalMilliseconds },
            });
        }

        return group;
    }

    /// <summary>A stable group of members that come from elsewhere. The first of them leads.</summary>
    public static ClassicGroup Restore(
        string groupId, string protocolType, int generationId, IEnumerable<ClassicMember> members, long nowMs)
    {
        var group = new ClassicGroup(groupId)
        {
            State = ClassicGroupState.Stable,
            StateTimestampMs = nowMs,
            ProtocolType = protocolType,
            GenerationId = generationId,
        };
        foreach (var member in members)
        {
            group.LeaderId ??= member.MemberId;
            group.Put(member);
        }

        group.ProtocolName = group.SelectProtocol();
        return group;
    }
}

using System.Collections.Immutable;
using SchemaStream.Broker.Coordination.Records;
using SchemaStream.Broker.Coordination.Topics;

namespace SchemaStream.Broker.Coordination.Groups.Consumer;

/// <summary>
/// A consumer group (KIP-848): the sum of its records and nothing else. It does not change; <see cref="Apply"/> gives the
/// next one, for the log's replay and for decisions in the making alike, so that the two cannot differ.
/// </summary>
internal sealed record ConsumerGroup(string GroupId)
{
    private ImmutableDictionary<TopicPartitionId, string> _owners = ImmutableDictionary<TopicPartitionId, string>.Empty;
    private ImmutableDictionary<string, string> _staticMembers = ImmutableDictionary.Create<string, string>(StringComparer.Ordinal);

    /// <summary>Null while only other records of the group have been seen.</summary>
    public ConsumerGroupMetadata? Metadata { get; private init; }

    public int GroupEpoch => Metadata?.GroupEpoch ?? 0;

    /// <summary>The group epoch that the target assignment was made for.</summary>
    public int AssignmentEpoch { get; private init; }

    /// <summary>In order of their ids, so that a run can be repeated exactly.</summary>
    public ImmutableSortedDictionary<string, ConsumerMember> Members { get; private init; } =
        ImmutableSortedDictionary.Create<string, ConsumerMember>(StringComparer.Ordinal);

    /// <summary>What the members are to have.</summary>
    public ImmutableSortedDictionary<string, PartitionSet> Targets { get; private init; } =
        ImmutableSortedDictionary.Create<string, PartitionSet>(StringComparer.Ordinal);

    /// <summary>The topics of the members' regular expressions.</summary>
    public ImmutableSortedDictionary<string, ResolvedRegularExpression> RegularExpressions { get; private init; } =
        ImmutableSortedDictionary.Create<string, ResolvedRegularExpression>(StringComparer.Ordinal);

    public ConsumerGroupState State =>
        Members.IsEmpty ? ConsumerGroupState.Empty
        : GroupEpoch > AssignmentEpoch ? ConsumerGroupState.Assigning
        : Members.Values.All(member => member.IsReconciledTo(AssignmentEpoch)) ? ConsumerGroupState.Stable
        : ConsumerGroupState.Reconciling;

    public bool HasClassicMembersOnly => Members.Values.All(member => member.IsClassic);

    public ConsumerMember? Member(string memberId) => Members.GetValueOrDefault(memberId);

    public ConsumerMember? StaticMember(string instanceId) =>
        _staticMembers.TryGetValue(instanceId, out var memberId) ? Member(memberId) : null;

    public PartitionSet Target(string memberId) => Targets.GetValueOrDefault(memberId, PartitionSet.Empty);

    /// <summary>Whose the partition is: who reads it, or has yet to say that it does not any more.</summary>
    public string? Owner(TopicPartitionId partition) => _owners.GetValueOrDefault(partition);

    /// <summary>All topics that are read: what members name, and what their regular expressions stand for.</summary>
    public IEnumerable<string> SubscribedTopics() =>
        Members.Values.SelectMany(SubscribedTopics).Distinct(StringComparer.Ordinal);

    /// <summary>The topics that one member reads; one may come twice.</summary>
    public IEnumerable<string> SubscribedTopics(ConsumerMember member) =>
        member.Metadata.SubscribedTopicRegex is { } regex && RegularExpressions.TryGetValue(regex, out var resolved)
            ? member.Metadata.SubscribedTopicNames.Concat(resolved.Topics)
            : member.Metadata.SubscribedTopicNames;

    /// <summary>Nothing is left of it, or nothing but offsets.</summary>
    public bool IsGone => Metadata is null && Members.IsEmpty && Targets.IsEmpty && RegularExpressions.IsEmpty && AssignmentEpoch == 0;

    /// <summary>The group after the record.</summary>
    public ConsumerGroup Apply(ConsumerGroupRecord record) => record switch
    {
        ConsumerGroupMetadataRecord group => this with { Metadata = group.Value },
        ConsumerGroupMemberMetadataRecord { Value: { } metadata } member => With(member.MemberId, metadata),
        ConsumerGroupMemberMetadataRecord member => Without(member.MemberId),
        ConsumerGroupTargetAssignmentMetadataRecord target => this with { AssignmentEpoch = target.AssignmentEpoch ?? 0 },
        ConsumerGroupTargetAssignmentMemberRecord { Value: { } target } member =>
            this with { Targets = Targets.SetItem(member.MemberId, target) },
        ConsumerGroupTargetAssignmentMemberRecord member => this with { Targets = Targets.Remove(member.MemberId) },
        ConsumerGroupCurrentMemberAssignmentRecord current => With(current.MemberId, current.Value),
        ConsumerGroupRegularExpressionRecord { Value: { } resolved } regex =>
            this with { RegularExpressions = RegularExpressions.SetItem(regex.RegularExpression, resolved) },
        ConsumerGroupRegularExpressionRecord regex =>
            this with { RegularExpressions = RegularExpressions.Remove(regex.RegularExpression) },
        _ => this,
    };

    private ConsumerGroup With(string memberId, ConsumerMemberMetadata metadata)
    {
        var old = Member(memberId);
        var statics = Unnamed(old);
        return this with
        {
            Members = Members.SetItem(memberId, (old ?? new ConsumerMember(memberId)) with { Metadata = metadata }),
            _staticMembers = metadata.InstanceId is { } instance ? statics.SetItem(instance, memberId) : statics,
        };
    }

    private ConsumerGroup Without(string memberId) => Member(memberId) is not { } old ? this : this with
    {
        Members = Members.Remove(memberId),
        _staticMembers = Unnamed(old),
        _owners = Released(old),
    };

    private ConsumerGroup With(string memberId, CurrentAssignment? current)
    {
        var old = Member(memberId);
        if (current is null)
        {
            // A member's end begins with this one: what it had is free, and the member itself follows.
            return old is null ? this : this with
            {
                Members = Members.SetItem(memberId, old with { Current = new ConsumerMember(memberId).Current }),
                _owners = Released(old),
            };
        }

        var owners = (old is null ? _owners : Released(old)).ToBuilder();
        foreach (var partition in current.Assigned)
        {
            owners[partition] = memberId;
        }

        foreach (var partition in current.PendingRevocation)
        {
            owners[partition] = memberId;
        }

        return this with
        {
            Members = Members.SetItem(memberId, (old ?? new ConsumerMember(memberId)) with { Current = current }),
            _owners = owners.ToImmutable(),
        };
    }

    /// <summary>Only what is still the member's: compaction may have left out by which way it became another's.</summary>
    private ImmutableDictionary<TopicPartitionId, string> Released(ConsumerMember member)
    {
        var owners = _owners.ToBuilder();
        foreach (var partition in member.Current.Assigned.Concat(member.Current.PendingRevocation))
        {
            if (owners.TryGetValue(partition, out var owner) && owner == member.MemberId)
            {
                owners.Remove(partition);
            }
        }

        return owners.ToImmutable();
    }

    private ImmutableDictionary<string, string> Unnamed(ConsumerMember? member) =>
        member?.InstanceId is { } instance && _staticMembers.GetValueOrDefault(instance) == member.MemberId
            ? _staticMembers.Remove(instance)
            : _staticMembers;
}

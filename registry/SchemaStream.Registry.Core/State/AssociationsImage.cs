using System.Collections.Immutable;
using SchemaStream.Registry.Core.Records;

namespace SchemaStream.Registry.Core.State;

/// <summary>An association as it stands.</summary>
public sealed record Association(AssociationKey Key, AssociationValue Value, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt)
{
    /// <summary>Who says so.</summary>
    public AssociationOrigin Origin { get; init; }

    public Subject Subject => Key.Subject;

    public bool IsStrong => Value.Lifecycle == AssociationLifecycle.Strong;
}

/// <summary>Where an association comes from.</summary>
public enum AssociationOrigin
{
    /// <summary>It was stated by itself.</summary>
    Stated = 0,

    /// <summary>A topic's contract says so.</summary>
    Contract = 1,
}

/// <summary>All associations that were stated, by what they are about.</summary>
public sealed record AssociationsImage
{
    public static AssociationsImage Empty { get; } = new();

    public ImmutableDictionary<AssociationKey, Association> ByKey { get; private init; } =
        ImmutableDictionary<AssociationKey, Association>.Empty;

    private ImmutableDictionary<Handle, ImmutableArray<AssociationKey>> Index { get; init; } =
        ImmutableDictionary<Handle, ImmutableArray<AssociationKey>>.Empty;

    private enum By
    {
        Subject,
        ResourceId,
        ResourceName,
    }

    public IEnumerable<Association> OfSubject(Subject subject) => Of(new Handle(By.Subject, subject.ToString()));

    public IEnumerable<Association> OfResource(string resourceId) => Of(new Handle(By.ResourceId, resourceId));

    public IEnumerable<Association> OfName(string resourceName) => Of(new Handle(By.ResourceName, resourceName));

    /// <summary>What was stated of a topic's key or value, whichever namespace the topic is said to be in.</summary>
    public IEnumerable<Association> OfSlot(TopicSlot slot) =>
        OfName(slot.Topic).Where(association =>
            association.Key.ResourceType == AssociationNames.Topic
            && association.Key.AssociationType == ContractNames.NameOf(slot.Slot));

    public AssociationsImage Replay(AssociationRecord record, DateTimeOffset timestamp)
    {
        var old = ByKey.GetValueOrDefault(record.Key);
        var without = old is null ? this : Without(old);
        return record.Value is { } value
            ? without.With(new Association(record.Key, value, old?.CreatedAt ?? timestamp, timestamp))
            : without;
    }

    private IEnumerable<Association> Of(Handle handle) => Index.GetValueOrDefault(handle, []).Select(key => ByKey[key]);

    private AssociationsImage With(Association association)
    {
        var index = Index;
        foreach (var handle in Handles(association))
        {
            index = index.SetItem(handle, index.GetValueOrDefault(handle, []).Add(association.Key));
        }

        return new AssociationsImage { ByKey = ByKey.SetItem(association.Key, association), Index = index };
    }

    private AssociationsImage Without(Association association)
    {
        var index = Index;
        foreach (var handle in Handles(association))
        {
            var left = index[handle].Remove(association.Key);
            index = left.IsEmpty ? index.Remove(handle) : index.SetItem(handle, left);
        }

        return new AssociationsImage { ByKey = ByKey.Remove(association.Key), Index = index };
    }

    private static Handle[] Handles(Association association) =>
    [
        new(By.Subject, association.Subject.ToString()),
        new(By.ResourceId, association.Value.ResourceId),
        new(By.ResourceName, association.Key.ResourceName),
    ];

    /// <summary>What associations are looked up by.</summary>
    private readonly record struct Handle(By By, string Text);
}

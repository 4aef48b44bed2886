using System.Collections.Immutable;
using SchemaStream.Registry.Core.Contracts;
using SchemaStream.Registry.Core.Records;

namespace SchemaStream.Registry.Core.State;

/// <summary>All contracts, by topic and by the subjects that hold their schemas.</summary>
public sealed record ContractsImage
{
    public ImmutableDictionary<string, ContractImage> ByTopic { get; init; } =
        ImmutableDictionary<string, ContractImage>.Empty;

    public ImmutableDictionary<Subject, ImmutableArray<TopicSlot>> BySubject { get; init; } =
        ImmutableDictionary<Subject, ImmutableArray<TopicSlot>>.Empty;

    /// <summary>Slots by the full names of the types that they may carry.</summary>
    public ImmutableDictionary<string, ImmutableArray<TopicSlot>> ByType { get; init; } =
        ImmutableDictionary<string, ImmutableArray<TopicSlot>>.Empty;

    /// <summary>Topics and those that took their places.</summary>
    public ImmutableDictionary<string, string> Successors { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>Every <see cref="BindRecord"/> and <see cref="UnbindRecord"/> of a topic that counted, oldest first.</summary>
    public ImmutableDictionary<string, ImmutableList<RegistryRecord>> History { get; init; } =
        ImmutableDictionary<string, ImmutableList<RegistryRecord>>.Empty;

    public static ContractsImage Empty { get; } = new();

    /// <summary>Every bound slot whose schemas the subject holds.</summary>
    public IEnumerable<(TopicSlot Slot, BoundSlot Bound)> BoundTo(Subject subject) =>
        from slot in BySubject.GetValueOrDefault(subject, [])
        select (slot, ByTopic[slot.Topic][slot.Slot]!);

    /// <summary>Every slot bound explicitly to the type that a subject bears the name of.</summary>
    public IEnumerable<(TopicSlot Slot, BoundSlot Bound)> OfRecordName(Subject subject) =>
        from slot in subject.IsInDefaultContext ? ByType.GetValueOrDefault(subject.Name, []) : []
        let bound = ByTopic[slot.Topic][slot.Slot]!
        where bound.Binding == ContractBinding.Explicit
        select (slot, bound);

    public ContractsImage Replay(BindRecord record)
    {
        var old = ByTopic.GetValueOrDefault(record.Topic) ?? new ContractImage(record.Topic);
        if (!old.Admits(RecordSlot.Key, record.Key) || !old.Admits(RecordSlot.Value, record.Value) || !Follows(old, record))
        {
            // First bind wins: a contradicting claim that another writer raced into the log means nothing.
            return this;
        }

        var bound = old.With(RecordSlot.Key, record.Key, record).With(RecordSlot.Value, record.Value, record) with
        {
            Predecessor = old.Predecessor ?? record.Predecessor,
        };
        return (bound.Key is null && bound.Value is null) || bound == old
            ? this
            : Without(record.Topic).Indexed(bound).Told(record.Topic, record);
    }

    public ContractsImage Replay(UnbindRecord record) =>
        ByTopic.ContainsKey(record.Topic) ? Without(record.Topic).Told(record.Topic, record) : this;

    /// <summary>The last of the topics that took a topic's place one after another; null if none did.</summary>
    public string? Latest(string topic)
    {
        string? latest = null;
        for (var at = topic; Successors.TryGetValue(at, out var next); at = next)
        {
            latest = next;
        }

        return latest;
    }

    /// <summary>Whether a topic is the other, or one that came before it.</summary>
    public bool IsOrPrecedes(string earlier, string topic)
    {
        for (var at = topic; at is not null; at = ByTopic.GetValueOrDefault(at)?.Predecessor)
        {
            if (at == earlier)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>A topic takes one other's place, no other topic takes that one, and none comes after itself.</summary>
    private bool Follows(ContractImage old, BindRecord record) =>
        record.Predecessor is null
        || ((old.Predecessor is null || old.Predecessor == record.Predecessor)
            && Successors.GetValueOrDefault(record.Predecessor, record.Topic) == record.Topic
            && !IsOrPrecedes(record.Topic, record.Predecessor));

    private ContractsImage Told(string topic, RegistryRecord record) => this with
    {
        History = History.SetItem(topic, History.GetValueOrDefault(topic, []).Add(record)),
    };

    private ContractsImage Without(string topic)
    {
        if (!ByTopic.TryGetValue(topic, out var old))
        {
            return this;
        }

        var (bySubject, byType) = (BySubject, ByType);
        foreach (var (slot, contract) in Slots(old))
        {
            if (contract.Subject is { } subject)
            {
                bySubject = Without(bySubject, Subject.Parse(subject), slot);
            }

            byType = TypeSet.Names(contract).Aggregate(byType, (all, type) => Without(all, type, slot));
        }

        return this with
        {
            ByTopic = ByTopic.Remove(topic),
            BySubject = bySubject,
            ByType = byType,
            Successors = old.Predecessor is { } before ? Successors.Remove(before) : Successors,
        };
    }

    private ContractsImage Indexed(ContractImage bound)
    {
        var (bySubject, byType) = (BySubject, ByType);
        foreach (var (slot, contract) in Slots(bound))
        {
            if (contract.Subject is { } subject)
            {
                bySubject = With(bySubject, Subject.Parse(subject), slot);
            }

            byType = TypeSet.Names(contract).Aggregate(byType, (all, type) => With(all, type, slot));
        }

        return this with
        {
            ByTopic = ByTopic.SetItem(bound.Topic, bound),
            BySubject = bySubject,
            ByType = byType,
            Successors = bound.Predecessor is { } before ? Successors.SetItem(before, bound.Topic) : Successors,
        };
    }

    private static ImmutableDictionary<TKey, ImmutableArray<TopicSlot>> With<TKey>(
        ImmutableDictionary<TKey, ImmutableArray<TopicSlot>> all, TKey key, TopicSlot slot)
        where TKey : notnull => all.SetItem(key, all.GetValueOrDefault(key, []).Add(slot));

    private static ImmutableDictionary<TKey, ImmutableArray<TopicSlot>> Without<TKey>(
        ImmutableDictionary<TKey, ImmutableArray<TopicSlot>> all, TKey key, TopicSlot slot)
        where TKey : notnull
    {
        var left = all[key].Remove(slot);
        return left.IsEmpty ? all.Remove(key) : all.SetItem(key, left);
    }

    private static IEnumerable<(TopicSlot Slot, SlotContract Contract)> Slots(ContractImage contract) =>
        from slot in new[] { RecordSlot.Key, RecordSlot.Value }
        where contract[slot] is not null
        select (new TopicSlot(contract.Topic, slot), contract[slot]!.Contract);
}

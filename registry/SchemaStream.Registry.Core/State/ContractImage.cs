using System.Collections.Immutable;
using SchemaStream.Registry.Core.Records;

namespace SchemaStream.Registry.Core.State;

/// <summary>One bound slot of a topic.</summary>
public sealed record BoundSlot(SlotContract Contract, ContractBinding Binding, DateTimeOffset Since, string BoundBy);

/// <summary>What is bound of a topic.</summary>
public sealed record ContractImage(string Topic)
{
    public BoundSlot? Key { get; init; }

    public BoundSlot? Value { get; init; }

    public BoundSlot? this[RecordSlot slot] => slot == RecordSlot.Key ? Key : Value;

    /// <summary>The contract as clients see it.</summary>
    public TopicContract ToContract()
    {
        BoundSlot[] bound = [.. new[] { Key, Value }.OfType<BoundSlot>().OrderBy(slot => slot.Since)];
        return new TopicContract(
            Topic,
            Key?.Contract,
            Value?.Contract,
            bound.Any(slot => slot.Binding == ContractBinding.Explicit) ? ContractBinding.Explicit : ContractBinding.Implicit,
            bound[0].Since,
            bound[0].BoundBy);
    }

    /// <summary>Whether a claim says nothing else than what is bound already.</summary>
    public bool Admits(RecordSlot slot, SlotContract? claim) =>
        claim is null || this[slot] is not { } bound || Agree(bound, claim);

    public ContractImage With(RecordSlot slot, SlotContract? claim, BindRecord record)
    {
        if (claim is null)
        {
            return this;
        }

        // What was implied may be stated later; nothing turns a statement back into an implication.
        var old = this[slot];
        if (old is not null && (old.Binding == ContractBinding.Explicit || record.Binding == ContractBinding.Implicit))
        {
            return this;
        }

        var bound = new BoundSlot(claim, record.Binding, old?.Since ?? record.At, old?.BoundBy ?? record.By);
        return slot == RecordSlot.Key ? this with { Key = bound } : this with { Value = bound };
    }

    private static bool Agree(BoundSlot bound, SlotContract claim) =>
        bound.Contract.Format == claim.Format
        && bound.Contract.Type == claim.Type
        && bound.Contract.Subject == claim.Subject
        && (claim.Evolution is null
            || bound.Binding == ContractBinding.Implicit
            || bound.Contract.Evolution == claim.Evolution);
}

/// <summary>A slot of a topic.</summary>
public readonly record struct TopicSlot(string Topic, RecordSlot Slot)
{
    /// <summary>The subject that Confluent's default strategy uses for the slot.</summary>
    public string DefaultSubject => $"{Topic}-{ContractNames.NameOf(Slot)}";

    /// <summary>Reads <c>topic-key</c> and <c>topic-value</c> in the default context.</summary>
    public static TopicSlot? OfSubject(Subject subject)
    {
        if (!subject.IsInDefaultContext)
        {
            return null;
        }

        foreach (var slot in new[] { RecordSlot.Key, RecordSlot.Value })
        {
            var ending = "-" + ContractNames.NameOf(slot);
            if (subject.Name.Length > ending.Length && subject.Name.EndsWith(ending, StringComparison.Ordinal))
            {
                return new TopicSlot(subject.Name[..^ending.Length], slot);
            }
        }

        return null;
    }
}

/// <summary>All contracts, by topic and by the subjects that hold their schemas.</summary>
public sealed record ContractsImage
{
    public ImmutableDictionary<string, ContractImage> ByTopic { get; init; } =
        ImmutableDictionary<string, ContractImage>.Empty;

    public ImmutableDictionary<Subject, ImmutableArray<TopicSlot>> BySubject { get; init; } =
        ImmutableDictionary<Subject, ImmutableArray<TopicSlot>>.Empty;

    public static ContractsImage Empty { get; } = new();

    /// <summary>Every bound slot whose schemas the subject holds.</summary>
    public IEnumerable<(TopicSlot Slot, BoundSlot Bound)> BoundTo(Subject subject) =>
        from slot in BySubject.GetValueOrDefault(subject, [])
        select (slot, ByTopic[slot.Topic][slot.Slot]!);

    public ContractsImage Replay(BindRecord record)
    {
        var old = ByTopic.GetValueOrDefault(record.Topic) ?? new ContractImage(record.Topic);
        if (!old.Admits(RecordSlot.Key, record.Key) || !old.Admits(RecordSlot.Value, record.Value))
        {
            // First bind wins: a contradicting claim that another writer raced into the log means nothing.
            return this;
        }

        var bound = old.With(RecordSlot.Key, record.Key, record).With(RecordSlot.Value, record.Value, record);
        return bound.Key is null && bound.Value is null
            ? this
            : Without(record.Topic).Indexed(bound);
    }

    public ContractsImage Replay(UnbindRecord record) => Without(record.Topic);

    private ContractsImage Without(string topic)
    {
        if (!ByTopic.TryGetValue(topic, out var old))
        {
            return this;
        }

        var bySubject = BySubject;
        foreach (var (slot, subject) in Subjects(old))
        {
            var left = bySubject[subject].Remove(slot);
            bySubject = left.IsEmpty ? bySubject.Remove(subject) : bySubject.SetItem(subject, left);
        }

        return this with { ByTopic = ByTopic.Remove(topic), BySubject = bySubject };
    }

    private ContractsImage Indexed(ContractImage contract)
    {
        var bySubject = BySubject;
        foreach (var (slot, subject) in Subjects(contract))
        {
            bySubject = bySubject.SetItem(subject, bySubject.GetValueOrDefault(subject, []).Add(slot));
        }

        return this with { ByTopic = ByTopic.SetItem(contract.Topic, contract), BySubject = bySubject };
    }

    private static IEnumerable<(TopicSlot Slot, Subject Subject)> Subjects(ContractImage contract)
    {
        if (contract.Key?.Contract.Subject is { } key)
        {
            yield return (new TopicSlot(contract.Topic, RecordSlot.Key), Subject.Parse(key));
        }

        if (contract.Value?.Contract.Subject is { } value)
        {
            yield return (new TopicSlot(contract.Topic, RecordSlot.Value), Subject.Parse(value));
        }
    }
}

using SchemaStream.Registry.Core.Records;

namespace SchemaStream.Registry.Core.State;

/// <summary>One bound slot of a topic.</summary>
public sealed record BoundSlot(SlotContract Contract, ContractBinding Binding, DateTimeOffset Since, string BoundBy);

/// <summary>What is bound of a topic.</summary>
public sealed record ContractImage(string Topic)
{
    public BoundSlot? Key { get; init; }

    public BoundSlot? Value { get; init; }

    /// <summary>The topic whose place this one takes.</summary>
    public string? Predecessor { get; init; }

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

    /// <summary>Whether a claim says nothing else than what is bound already. The type is; the rest is if it was stated.</summary>
    public bool Admits(RecordSlot slot, SlotContract? claim) =>
        claim is null || this[slot] is not { } bound || Agree(bound, claim);

    public ContractImage With(RecordSlot slot, SlotContract? claim, BindRecord record)
    {
        if (claim is null)
        {
            return this;
        }

        // What was implied may be stated later, and its subject said by an association; nothing turns a statement back into
        // an implication.
        var old = this[slot];
        var says = record.Binding == ContractBinding.Explicit || old?.Contract.Subject != claim.Subject;
        if (old is not null && (old.Binding == ContractBinding.Explicit || !says))
        {
            return this;
        }

        var bound = new BoundSlot(claim, record.Binding, old?.Since ?? record.At, old?.BoundBy ?? record.By);
        return slot == RecordSlot.Key ? this with { Key = bound } : this with { Value = bound };
    }

    private static bool Agree(BoundSlot bound, SlotContract claim) =>
        bound.Contract.Format == claim.Format
        && bound.Contract.Type == claim.Type
        && (bound.Contract.Subject == claim.Subject || bound.Binding == ContractBinding.Implicit)
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

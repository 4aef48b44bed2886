using SchemaStream.Registry.Core.Formats;
using SchemaStream.Registry.Core.State;

namespace SchemaStream.Registry.Core.Contracts;

/// <summary>
/// Subjects of the strategies RecordName (<c>com.acme.A</c>) and TopicRecordName (<c>orders-com.acme.A</c>), as far as
/// explicit contracts have to do with them. What strategy a producer follows is not stated anywhere, so both are derived
/// from the types that a contract names.
/// </summary>
internal static class RecordSubjects
{
    /// <summary>Refuses what would put a type on a topic that is closed to it, or another type under a type's own name.</summary>
    public static RegistryError? Check(RegistryImage image, Subject subject, Candidate candidate)
    {
        foreach (var (slot, bound) in image.Contracts.OfRecordName(subject))
        {
            if (bound.Contract.Format != candidate.Format || candidate.Parsed.TypeName != subject.Name)
            {
                return ContractRefusals.OtherRecord(
                    image.Contracts, slot, bound, subject, ContractRefusals.Name(candidate.Format, candidate.Parsed.TypeName));
            }

            if (Changes(image, subject, candidate, bound))
            {
                return ContractRefusals.Frozen(image.Contracts, slot, bound, subject);
            }
        }

        return TopicOf(subject, candidate.Parsed.TypeName) is { } topic
            && image.Contracts.ByTopic.GetValueOrDefault(topic) is { } contract
                ? CheckTopic(image, subject, candidate, contract)
                : null;
    }

    /// <summary>The slots whose records need the subject's schemas: those that keep none under a subject of their own.</summary>
    public static IEnumerable<(TopicSlot Slot, BoundSlot Bound)> Users(RegistryImage image, Subject subject)
    {
        var dash = subject.Name.LastIndexOf('-');
        var ofTopic = subject.IsInDefaultContext && dash > 0
            && image.Contracts.ByTopic.GetValueOrDefault(subject.Name[..dash]) is { } contract
                ? Slots(contract).Where(slot => TypeSet.Names(slot.Bound.Contract).Contains(subject.Name[(dash + 1)..]))
                : [];
        return image.Contracts.OfRecordName(subject).Concat(ofTopic).Where(slot =>
            slot.Bound.Contract.Subject is null
            || !image.Subject(Subject.Parse(slot.Bound.Contract.Subject)).HasLive);
    }

    private static RegistryError? CheckTopic(
        RegistryImage image, Subject subject, Candidate candidate, ContractImage contract)
    {
        var slots = Slots(contract).ToArray();
        foreach (var (slot, bound) in slots)
        {
            if (bound.Contract.Format == candidate.Format
                && TypeSet.Names(bound.Contract).Contains(candidate.Parsed.TypeName!))
            {
                return Changes(image, subject, candidate, bound) ? ContractRefusals.Frozen(image.Contracts, slot, bound, subject) : null;
            }
        }

        // A slot that nothing has bound may carry it.
        var isClosed = contract.Key?.Binding == ContractBinding.Explicit && contract.Value?.Binding == ContractBinding.Explicit;
        if (!isClosed)
        {
            return null;
        }

        var closed = new TopicSlot(contract.Topic, RecordSlot.Value);
        return ContractRefusals.OtherType(
            image.Contracts, closed, contract.Value!, ContractRefusals.Name(candidate.Format, candidate.Parsed.TypeName));
    }

    private static IEnumerable<(TopicSlot Slot, BoundSlot Bound)> Slots(ContractImage contract) =>
        from slot in new[] { RecordSlot.Key, RecordSlot.Value }
        let bound = contract[slot]
        where bound?.Binding == ContractBinding.Explicit
        select (new TopicSlot(contract.Topic, slot), bound);

    private static bool Changes(RegistryImage image, Subject subject, Candidate candidate, BoundSlot bound) =>
        bound.Contract.Evolution == EvolutionPolicy.Frozen
        && image.Subject(subject).Versions.Any(entry => entry.Schema.Guid != candidate.Guid);

    private static string? TopicOf(Subject subject, string? type) =>
        type is not null
        && subject.IsInDefaultContext
        && subject.Name.Length > type.Length + 1
        && subject.Name.EndsWith(type, StringComparison.Ordinal)
        && subject.Name[^(type.Length + 1)] == '-'
            ? subject.Name[..^(type.Length + 1)]
            : null;
}

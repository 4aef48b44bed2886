using SchemaStream.Registry.Core.Contracts;
using SchemaStream.Registry.Core.Formats;
using SchemaStream.Registry.Core.Records;
using SchemaStream.Registry.Core.State;

namespace SchemaStream.Registry.Core.Associations;

/// <summary>Holds associations and topic contracts together: neither says of a topic what the other does not.</summary>
internal static class AssociationContracts
{
    /// <summary>
    /// Whether a topic's contract lets its key or value have a subject. Where nothing is bound, the association binds: the
    /// type of the subject's schemas and the subject, implicitly, as a schema under the topic's own subject would. Where such
    /// a schema was first, the type is bound, and the association says the subject.
    /// </summary>
    public static Outcome<ContractAdmission> Admit(AssociationDraft draft, TopicSlot slot, Subject subject)
    {
        var (image, rules) = (draft.Image, draft.Rules);
        if (image.Subject(subject).Latest is not { } latest
            || !Candidate.Reopen(image, rules, latest.Schema).TryGet(out var parsed, out _))
        {
            return CheckSubject(image, slot, subject) is { } elsewhere ? elsewhere : ContractAdmission.Free;
        }

        var claim = new SlotContract(parsed.Format, parsed.TypeName, subject.ToString(), EvolutionPolicy.Compatible);
        if (image.Contracts.ByTopic.GetValueOrDefault(slot.Topic)?[slot.Slot] is { } bound)
        {
            var isSame = bound.Contract.IsSameType(claim);
            var refusal = isSame
                ? CheckSubject(image, slot, subject)
                : ContractRefusals.OtherType(image.Contracts, slot, bound, ContractRefusals.Name(claim.Format, claim.Type));
            var moves = isSame && refusal is not null && bound.Binding == ContractBinding.Implicit;
            if (!moves)
            {
                return refusal is null ? ContractAdmission.Free
                    : ContractGate.IsEnforced(bound, rules) ? refusal
                    : new ContractAdmission(null, [refusal.Message]);
            }
        }

        if (rules.Settings.ImplicitContracts == ImplicitContracts.Off)
        {
            return ContractAdmission.Free;
        }

        return ContractGate.CheckClaim(image, rules, slot, claim) is { } taken
            ? taken
            : new ContractAdmission(
                new BindRecord(
                    slot.Topic,
                    slot.Slot == RecordSlot.Key ? claim : null,
                    slot.Slot == RecordSlot.Value ? claim : null,
                    ContractBinding.Implicit,
                    draft.Now,
                    draft.Caller is { } caller ? $"{caller} (the association with {subject})" : $"the association with {subject}"),
                []);
    }

    /// <summary>The other way round: whether a contract may say that a topic's key or value has a subject, or none.</summary>
    public static RegistryError? CheckContract(RegistryImage image, TopicSlot slot, SlotContract contract)
    {
        foreach (var association in image.Associations.OfSlot(slot))
        {
            if (contract.Subject is null || Subject.Parse(contract.Subject) != association.Subject)
            {
                return AssociationRefusals.OtherContract(slot, association.Subject, contract);
            }
        }

        return null;
    }

    /// <summary>The subject that a topic's key or value is associated with, if there is one.</summary>
    public static Subject? SubjectOf(RegistryImage image, TopicSlot slot) =>
        image.Associations.OfSlot(slot).Select(association => (Subject?)association.Subject).FirstOrDefault();

    private static RegistryError? CheckSubject(RegistryImage image, TopicSlot slot, Subject subject) =>
        image.Contracts.ByTopic.GetValueOrDefault(slot.Topic)?[slot.Slot] is { } bound
        && (bound.Contract.Subject is null || Subject.Parse(bound.Contract.Subject) != subject)
            ? ContractRefusals.OtherTerms(slot, bound, bound.Contract with { Subject = subject.ToString(), Evolution = null })
            : null;
}

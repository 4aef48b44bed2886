using SchemaStream.Registry.Core.Formats;
using SchemaStream.Registry.Core.Records;
using SchemaStream.Registry.Core.State;

namespace SchemaStream.Registry.Core.Contracts;

/// <summary>What the contracts say to a schema: let in, perhaps with a new binding and with warnings.</summary>
public sealed record ContractAdmission(BindRecord? Binding, IReadOnlyList<string> Warnings)
{
    public static ContractAdmission Free { get; } = new(null, []);
}

/// <summary>The registry's gate: no schema of another type under a bound topic, whatever the compatibility level.</summary>
public static class ContractGate
{
    public static bool IsBound(RegistryImage image, Subject subject) => BoundSlots(image, subject).Any();

    public static Outcome<ContractAdmission> Admit(
        RegistryImage image,
        RegistryRules rules,
        Subject subject,
        Candidate candidate,
        DateTimeOffset now,
        string? caller = null)
    {
        var warnings = new List<string>();
        var bound = false;
        foreach (var (slot, contract) in BoundSlots(image, subject))
        {
            bound = true;
            if (Contradiction(image, subject, candidate, slot, contract) is not { } refusal)
            {
                continue;
            }

            if (IsEnforced(contract, rules))
            {
                return refusal;
            }

            warnings.Add(refusal.Message);
        }

        if (RecordSubjects.Check(image, subject, candidate) is { } foreign)
        {
            return foreign;
        }

        return !bound
            && rules.Settings.ImplicitContracts != ImplicitContracts.Off
            && TopicSlot.OfSubject(subject) is { } implied
            && !image.Associations.OfSlot(implied).Any(association => association.Subject != subject)
            ? new ContractAdmission(Implied(implied, subject, candidate, now, caller), warnings)
            : new ContractAdmission(null, warnings);
    }

    /// <summary>
    /// Refuses another format than the bound one before the text is parsed: the contract is the better answer, and the
    /// registry need not even offer the format.
    /// </summary>
    public static RegistryError? CheckFormat(
        RegistryImage image, RegistryRules rules, Subject subject, string? schemaType)
    {
        if (!SchemaFormatNames.TryParse(schemaType, out var offered) || !SchemaFormatNames.HasSchema(offered))
        {
            return null;
        }

        foreach (var (slot, bound) in BoundSlots(image, subject))
        {
            if (bound.Contract.Format != offered && IsEnforced(bound, rules))
            {
                return ContractRefusals.OtherType(image.Contracts, slot, bound, ContractRefusals.Name(offered, type: null));
            }
        }

        return null;
    }

    /// <summary>Two topics that share a subject and want different types of it could never get a schema registered.</summary>
    public static RegistryError? CheckClaim(RegistryImage image, RegistryRules rules, TopicSlot slot, SlotContract claim)
    {
        if (claim.Subject is null)
        {
            return null;
        }

        var subject = Subject.Parse(claim.Subject);
        foreach (var (other, bound) in BoundSlots(image, subject))
        {
            if (other != slot && IsEnforced(bound, rules) && !bound.Contract.IsSameType(claim))
            {
                return ContractRefusals.SubjectTaken(slot, claim, other, bound);
            }
        }

        return null;
    }

    /// <summary>An explicit contract keeps the schemas that its topic uses.</summary>
    public static RegistryError? CheckDeletion(RegistryImage image, Subject subject)
    {
        foreach (var (slot, bound) in image.Contracts.BoundTo(subject).Concat(RecordSubjects.Users(image, subject)))
        {
            if (bound.Binding == ContractBinding.Explicit)
            {
                return new RegistryError(
                    ErrorCodes.ReferenceExists,
                    $"Topic '{slot.Topic}' is bound to subject '{subject}' for its {ContractNames.NameOf(slot.Slot)} " +
                    $"since {Stamp(bound)}: the topic's records need these schemas as long as the topic exists. " +
                    $"Once it is gone, DELETE /contracts/topics/{Uri.EscapeDataString(slot.Topic)} frees them.");
            }
        }

        return null;
    }

    internal static bool IsEnforced(BoundSlot bound, RegistryRules rules) =>
        bound.Binding == ContractBinding.Explicit || rules.Settings.ImplicitContracts == ImplicitContracts.Enforce;

    /// <summary>Slots bound to the subject, and the slot that its name means even if that is bound to something else.</summary>
    private static IEnumerable<(TopicSlot Slot, BoundSlot Bound)> BoundSlots(RegistryImage image, Subject subject)
    {
        foreach (var bound in image.Contracts.BoundTo(subject))
        {
            yield return bound;
        }

        if (TopicSlot.OfSubject(subject) is { } named
            && image.Contracts.ByTopic.GetValueOrDefault(named.Topic)?[named.Slot] is { } other
            && (other.Contract.Subject is null || Subject.Parse(other.Contract.Subject) != subject))
        {
            yield return (named, other);
        }
    }

    private static RegistryError? Contradiction(
        RegistryImage image, Subject subject, Candidate candidate, TopicSlot slot, BoundSlot bound)
    {
        var contract = bound.Contract;
        if (contract.Format != candidate.Format || contract.Type != candidate.Parsed.TypeName)
        {
            return ContractRefusals.OtherType(
                image.Contracts, slot, bound, ContractRefusals.Name(candidate.Format, candidate.Parsed.TypeName));
        }

        var changes = image.Subject(subject).Versions.Any(entry => entry.Schema.Guid != candidate.Guid);
        return contract.Evolution == EvolutionPolicy.Frozen && changes
            ? ContractRefusals.Frozen(image.Contracts, slot, bound, subject)
            : null;
    }

    private static BindRecord Implied(
        TopicSlot implied, Subject subject, Candidate candidate, DateTimeOffset now, string? caller)
    {
        var slot = new SlotContract(
            candidate.Format, candidate.Parsed.TypeName, subject.ToString(), EvolutionPolicy.Compatible);
        return new BindRecord(
            implied.Topic,
            implied.Slot == RecordSlot.Key ? slot : null,
            implied.Slot == RecordSlot.Value ? slot : null,
            ContractBinding.Implicit,
            now,
            caller is null ? $"the first schema registered under {subject}" : $"{caller} (the first schema under {subject})");
    }

    internal static string Stamp(BoundSlot bound) =>
        FormattableString.Invariant($"{bound.Since.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC by {bound.BoundBy}");
}

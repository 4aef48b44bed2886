using SchemaStream.Registry.Core.Associations;
using SchemaStream.Registry.Core.Contracts;
using SchemaStream.Registry.Core.Formats;
using SchemaStream.Registry.Core.Records;
using SchemaStream.Registry.Core.State;

namespace SchemaStream.Registry.Core.Commands;

/// <summary>States what a topic carries. The same again changes nothing; anything else is refused with 40910.</summary>
/// <param name="Topic">The topic's name.</param>
/// <param name="Key">What its keys are; null says nothing about them.</param>
/// <param name="Value">What its values are; null says nothing about them.</param>
/// <param name="By">Who says so.</param>
public sealed record BindContract(string Topic, SlotContract? Key, SlotContract? Value, string By)
    : IRegistryCommand<TopicContract>
{
    private const int LongestTopicName = 249;
    private const int LongestText = 16 * 1024;

    /// <summary>The topic whose place this one takes; null says nothing about it.</summary>
    public string? Predecessor { get; init; }

    public Decision<TopicContract> Decide(RegistryImage image, RegistryRules rules, DateTimeOffset now)
    {
        if (CheckTopic() is { } fault)
        {
            return fault;
        }

        if (Key is null && Value is null)
        {
            return Invalid("a contract says what 'key', 'value' or both are");
        }

        var old = image.Contracts.ByTopic.GetValueOrDefault(Topic);
        if (!Complete(image, rules, old, RecordSlot.Key, Key).TryGet(out var key, out var error)
            || !Complete(image, rules, old, RecordSlot.Value, Value).TryGet(out var value, out error))
        {
            return error;
        }

        if (key.Claim is { Subject: { } shared } first && shared == value.Claim?.Subject && !first.IsSameType(value.Claim))
        {
            return Invalid($"key and value are of different types and cannot share subject '{shared}'");
        }

        if (old?.Predecessor is { } before && Predecessor is not null && before != Predecessor)
        {
            return Invalid($"it takes the place of topic '{before}', and so not of '{Predecessor}'");
        }

        var record = new BindRecord(Topic, key.Claim, value.Claim, ContractBinding.Explicit, now, By)
        {
            Predecessor = Predecessor,
        };
        var after = image.Contracts.Replay(record);
        var contract = after.ByTopic[Topic];
        return new(contract.ToContract(), contract == old ? [] : [record]);
    }

    private RegistryError? CheckTopic()
    {
        var legal = Topic.Length is > 0 and <= LongestTopicName
            && Topic is not ("." or "..")
            && Topic.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-');
        return legal
            ? null
            : Invalid($"a topic's name has 1 to {LongestTopicName} of the characters a-z, A-Z, 0-9, '.', '_' and '-'");
    }

    /// <summary>Fills in what the claim leaves open and holds it against what is bound and what is registered.</summary>
    private Outcome<SlotClaim> Complete(
        RegistryImage image, RegistryRules rules, ContractImage? old, RecordSlot slot, SlotContract? claim)
    {
        if (claim is null)
        {
            return new SlotClaim(null);
        }

        if (claim.Type?.Length > LongestText || claim.Subject?.Length > LongestText)
        {
            return Invalid(
                $"the {ContractNames.NameOf(slot)}'s 'type' and 'subject' have at most {LongestText} characters");
        }

        var place = new TopicSlot(Topic, slot);
        var hasSchema = SchemaFormatNames.HasSchema(claim.Format);
        if (!hasSchema && (claim.Type is not null || claim.Subject is not null))
        {
            return Invalid(
                $"the {ContractNames.NameOf(slot)} is {SchemaFormatNames.NameOf(claim.Format)}, which has neither " +
                "'type' nor 'subject'");
        }

        if (claim.Format is SchemaFormat.Avro or SchemaFormat.Protobuf && string.IsNullOrEmpty(claim.Type))
        {
            return Invalid(
                $"the {ContractNames.NameOf(slot)} is {SchemaFormatNames.NameOf(claim.Format)}, so 'type' must say " +
                "its full name");
        }

        var full = hasSchema
            ? claim with { Subject = SubjectOf(image, old, place, claim) }
            : claim;
        if (hasSchema && Subject.Parse(full.Subject!).Fault() is { } badSubject)
        {
            return badSubject;
        }

        if (old?[slot] is { } bound && !old.Admits(slot, full))
        {
            return bound.Contract.IsSameType(full)
                ? ContractRefusals.OtherTerms(place, bound, full)
                : ContractRefusals.OtherType(image.Contracts, place, bound, ContractRefusals.Name(full.Format, full.Type));
        }

        if ((AssociationContracts.CheckContract(image, place, full)
            ?? ContractGate.CheckClaim(image, rules, place, full)
            ?? CheckRegistered(image, rules, full)) is { } contradicted)
        {
            return contradicted;
        }

        // Unstated: keep what is bound explicitly, else keys are frozen and values evolve.
        var evolution = full.Evolution
            ?? (old?[slot] is { Binding: ContractBinding.Explicit } stated ? stated.Contract.Evolution : null)
            ?? (slot == RecordSlot.Key ? EvolutionPolicy.Frozen : EvolutionPolicy.Compatible);
        return new SlotClaim(full with { Evolution = evolution });
    }

    /// <summary>Unstated: what is bound, else what the topic is associated with, else what every client assumes.</summary>
    private static string SubjectOf(RegistryImage image, ContractImage? old, TopicSlot place, SlotContract claim) =>
        claim.Subject
        ?? old?[place.Slot]?.Contract.Subject
        ?? AssociationContracts.SubjectOf(image, place)?.ToString()
        ?? place.DefaultSubject;

    /// <summary>A contract that its own subject contradicts would be broken from the first day.</summary>
    private RegistryError? CheckRegistered(RegistryImage image, RegistryRules rules, SlotContract claim)
    {
        if (claim.Subject is null)
        {
            return null;
        }

        var subject = Subject.Parse(claim.Subject);
        foreach (var entry in image.Subject(subject).Live)
        {
            if (entry.Schema.Format != claim.Format)
            {
                return Holds(subject, entry, SchemaFormatNames.NameOf(entry.Schema.Format), claim);
            }

            if (!Candidate.Reopen(image, rules, entry.Schema).TryGet(out var parsed, out var unreadable))
            {
                return unreadable;
            }

            if (parsed.TypeName != claim.Type)
            {
                return Holds(subject, entry, ContractRefusals.Name(parsed.Format, parsed.TypeName), claim);
            }
        }

        return null;
    }

    private RegistryError Holds(Subject subject, VersionEntry entry, string found, SlotContract claim) => new(
        ErrorCodes.ContractViolated,
        $"Topic '{Topic}' cannot be bound to {ContractRefusals.Name(claim.Format, claim.Type)}: version {entry.Version} " +
        $"of subject '{subject}' is {found}. Name another subject, or bind what is there.");

    private RegistryError Invalid(string why) =>
        new(ErrorCodes.InvalidContract, $"The contract of topic '{Topic}' is not valid: {why}.");

    /// <summary>A slot's claim, or none.</summary>
    private readonly record struct SlotClaim(SlotContract? Claim);
}

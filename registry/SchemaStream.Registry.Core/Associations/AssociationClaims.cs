using System.Globalization;
using SchemaStream.Registry.Core.Commands;
using SchemaStream.Registry.Core.Queries;
using SchemaStream.Registry.Core.Records;
using SchemaStream.Registry.Core.State;
using static SchemaStream.Registry.Core.Associations.AssociationRefusals;

namespace SchemaStream.Registry.Core.Associations;

/// <summary>Several claims upon one resource, decided together: all of them or none.</summary>
internal sealed class AssociationClaims(AssociationDraft draft, ResourceName resource, string context)
{
    public RegistryError? Claim(IReadOnlyList<AssociationClaim> claims, AssociationOpKind kind, Trial trial)
    {
        var held = Held(kind, trial);
        if (held.FirstOrDefault(IsOfAnother) is { } other)
        {
            return Invalid(
                "resourceName", $"resource '{resource.Id}' is '{other.Key.ResourceName}' in namespace '{other.Key.ResourceNamespace}'");
        }

        var decided = new List<ClaimedAssociation>(claims.Count);
        foreach (var claim in claims)
        {
            if (!ClaimedAssociation.Of(draft, resource, claim, kind, context, held).TryGet(out var one, out var refusal))
            {
                return refusal;
            }

            decided.Add(one);
        }

        var open = decided.Where(claim => claim.Existing is not { Origin: AssociationOrigin.Contract }).ToList();
        return CheckUniform(held, open)
            ?? First(open, CheckSubject)
            ?? First(open, Register)
            ?? First(open, CheckUnreferenced)
            ?? First(open.Where(claim => !claim.IsUnchanged), Associate);
    }

    /// <summary>What the resource has. Who only tries may not know its id yet, and is told of the newest of that name.</summary>
    private Association[] Held(AssociationOpKind kind, Trial trial)
    {
        var filter = new AssociationFilter(resource.TypeOrTopic);
        if (resource.Id is { Length: > 0 } id)
        {
            return [.. AssociationQuery.ByResource(draft.Image, id, filter)];
        }

        return kind == AssociationOpKind.Create && trial == Trial.DryRun
            ? [.. AssociationQuery.ByName(draft.Image, resource.Namespace!, resource.Name!, filter)
                .GroupBy(association => association.Value.ResourceId)
                .OrderByDescending(group => group.Max(association => association.UpdatedAt))
                .ThenByDescending(group => group.Key, StringComparer.Ordinal)
                .Take(1)
                .SelectMany(group => group)]
            : [];
    }

    private bool IsOfAnother(Association association) =>
        association.Origin == AssociationOrigin.Stated
        && (association.Key.ResourceName != resource.Name || association.Key.ResourceNamespace != resource.Namespace);

    private static RegistryError? First(IEnumerable<ClaimedAssociation> claims, Func<ClaimedAssociation, RegistryError?> check) =>
        claims.Select(check).FirstOrDefault(refusal => refusal is not null);

    private static RegistryError? CheckUniform(IEnumerable<Association> held, IReadOnlyList<ClaimedAssociation> claims)
    {
        var lifecycles = held
            .Where(association => association.Origin == AssociationOrigin.Stated)
            .ToDictionary(association => association.Key.AssociationType, association => association.Value.Lifecycle);
        foreach (var claim in claims)
        {
            lifecycles[claim.Type] = claim.Lifecycle;
        }

        return lifecycles.Values.Distinct().Count() > 1
            ? Invalid("lifecycle", "all of a resource's associations have the same, and here are " + string.Join(
                ", ", lifecycles.Select(part => $"{part.Key}={AssociationNames.NameOf(part.Value)}").Order(StringComparer.Ordinal)))
            : null;
    }

    private RegistryError? CheckSubject(ClaimedAssociation claim)
    {
        if (claim.Schema is not null && draft.Image.ModeInForce(claim.Subject) == RegistryMode.Import)
        {
            return Invalid("schema", $"subject '{claim.Subject}' is in mode IMPORT: its schemas come by themselves");
        }

        if (claim.Schema is null && !draft.Image.Subject(claim.Subject).HasLive)
        {
            return NoVersion(claim.Subject);
        }

        var others = AssociationQuery.BySubject(draft.Image, claim.Subject, AssociationFilter.Any)
            .Where(association => !IsSamePart(association, claim))
            .ToArray();
        if (claim.IsStrong)
        {
            return others.Length > 0 ? SubjectTaken(claim.Subject) : null;
        }

        return others.Any(association => association.IsStrong) ? SubjectOwned(claim.Subject) : null;
    }

    /// <summary>An association of the same part of the same resource, or what the topic's contract says of that part.</summary>
    private bool IsSamePart(Association association, ClaimedAssociation claim) =>
        association.Key.AssociationType == claim.Type
        && association.Key.ResourceType == resource.TypeOrTopic
        && (association.Origin == AssociationOrigin.Contract
            ? association.Key.ResourceName == resource.Name
            : association.Value.ResourceId == resource.Id || association == claim.Existing);

    private RegistryError? Register(ClaimedAssociation claim)
    {
        if (claim.Schema is null)
        {
            return null;
        }

        if (draft.Take(new RegisterSchema(claim.Subject, claim.Schema) { Caller = draft.Caller }).TryGet(out var registered, out var refusal))
        {
            draft.Registered[claim.Type] = registered;
        }

        return refusal;
    }

    /// <summary>Asked once all schemas of the request are there: one of them may be the referrer.</summary>
    private RegistryError? CheckUnreferenced(ClaimedAssociation claim)
    {
        var isReferenced = claim.IsStrong && draft.Image.Subject(claim.Subject).Versions.Any(
            entry => draft.Image.Referrers.ContainsKey(new SubjectVersion(claim.Subject, entry.Version)));
        return isReferenced ? Referenced(claim.Subject) : null;
    }

    private RegistryError? Associate(ClaimedAssociation claim)
    {
        var slot = new TopicSlot(resource.Name!, AssociationNames.SlotOf(claim.Type)!.Value);
        if (!AssociationContracts.Admit(draft, slot, claim.Subject).TryGet(out var admitted, out var contradicted))
        {
            return contradicted;
        }

        draft.Warn(admitted.Warnings);
        if (admitted.Binding is { } binding)
        {
            draft.Write(binding);
        }

        var key = new AssociationKey(resource.Name!, resource.Namespace!, resource.TypeOrTopic, claim.Type, claim.Subject);
        var guid = AssociationQuery.NameFrom(
            resource.Id ?? "", claim.Type, claim.Subject.ToString(), draft.Now.UtcTicks.ToString(CultureInfo.InvariantCulture));
        draft.Write(new AssociationRecord(key, new AssociationValue(guid, resource.Id ?? "", claim.Lifecycle, claim.IsStrong)));
        return null;
    }
}

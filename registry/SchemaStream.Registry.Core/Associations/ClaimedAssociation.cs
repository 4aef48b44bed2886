using SchemaStream.Registry.Core.Queries;
using SchemaStream.Registry.Core.State;
using static SchemaStream.Registry.Core.Associations.AssociationRefusals;

namespace SchemaStream.Registry.Core.Associations;

/// <summary>A claim with what it leaves open filled in, held against what its resource has already.</summary>
/// <param name="Type">Key or value.</param>
/// <param name="Subject">The subject.</param>
/// <param name="Lifecycle">Whether the subject is the resource's own, and so the association frozen.</param>
/// <param name="Schema">A schema to register there.</param>
/// <param name="Existing">What the resource has already; null for nothing.</param>
internal sealed record ClaimedAssociation(
    string Type, Subject Subject, AssociationLifecycle Lifecycle, SchemaRequest? Schema, Association? Existing)
{
    public bool IsStrong => Lifecycle == AssociationLifecycle.Strong;

    /// <summary>What is there already, it is held against and the same.</summary>
    public bool IsUnchanged => Existing is not null;

    public static Outcome<ClaimedAssociation> Of(
        AssociationDraft draft,
        ResourceName resource,
        AssociationClaim claim,
        AssociationOpKind kind,
        string context,
        IEnumerable<Association> held)
    {
        var type = claim.TypeOrValue;
        var existing = held.FirstOrDefault(association => association.Key.AssociationType == type);
        var subject = claim.Subject is { } name ? Resolve(draft.Image, context, name) : (Subject?)null;
        if (subject is { } meant && draft.Image.ModeInForce(meant) is var mode && mode.IsReadOnly())
        {
            return RegistryError.NotPermitted($"Subject '{meant}' is in mode {RegistryNames.NameOf(mode)}.");
        }

        if (existing is { Origin: AssociationOrigin.Contract } && !IsSame(existing, claim, subject))
        {
            // The contract itself is asked later, and says better what is wrong.
            existing = null;
        }

        if ((kind == AssociationOpKind.Create || existing is null) && Defaults(ref claim, kind) is { } contradictory)
        {
            return contradictory;
        }

        return existing is null
            ? New(draft, resource, claim, kind, subject)
            : Again(draft, resource, claim, kind, subject ?? OwnSubject(resource, claim, kind), existing);
    }

    /// <summary>With a schema the subject is the resource's own; else it is not, unless the client says so.</summary>
    private static RegistryError? Defaults(ref AssociationClaim claim, AssociationOpKind kind)
    {
        if (claim.Schema is not null)
        {
            if (kind != AssociationOpKind.Create)
            {
                return Invalid("schema", "it comes with an association that is created, by POST /associations");
            }

            if (claim.Lifecycle == AssociationLifecycle.Weak)
            {
                return Invalid("lifecycle", "with a schema it is STRONG");
            }
        }

        var lifecycle = claim.Lifecycle ?? (claim.Schema is null ? AssociationLifecycle.Weak : AssociationLifecycle.Strong);
        var frozen = lifecycle == AssociationLifecycle.Strong;
        if (claim.Frozen is { } said && said != frozen)
        {
            return Invalid("frozen", $"what is {AssociationNames.NameOf(lifecycle)} has frozen={(frozen ? "true" : "false")}");
        }

        claim = claim with { Lifecycle = lifecycle, Frozen = frozen };
        return null;
    }

    private static Outcome<ClaimedAssociation> New(
        AssociationDraft draft, ResourceName resource, AssociationClaim claim, AssociationOpKind kind, Subject? named)
    {
        var (type, own) = (claim.TypeOrValue, resource.OwnSubject(claim.TypeOrValue));
        if (claim.Lifecycle == AssociationLifecycle.Weak)
        {
            return named is not { } shared ? Invalid("subject", "what is WEAK names it")
                : shared == own ? Invalid("subject", $"'{own}' is for STRONG associations")
                : new ClaimedAssociation(type, shared, AssociationLifecycle.Weak, Schema: null, Existing: null);
        }

        var subject = named ?? own;
        if (subject != own)
        {
            return Invalid("subject", $"what is STRONG has subject '{own}'");
        }

        if (draft.Image.ModeInForce(subject) != RegistryMode.Import && CheckFresh(draft, claim, kind, subject) is { } refusal)
        {
            return refusal;
        }

        return new ClaimedAssociation(type, subject, AssociationLifecycle.Strong, claim.Schema, Existing: null);
    }

    /// <summary>A strong association comes with its topic and its schema, before anyone else uses the subject.</summary>
    private static RegistryError? CheckFresh(
        AssociationDraft draft, AssociationClaim claim, AssociationOpKind kind, Subject subject)
    {
        if (kind != AssociationOpKind.Create)
        {
            return Invalid("lifecycle", "a STRONG association is created with its topic, by POST /associations");
        }

        if (claim.Schema is null)
        {
            return Invalid("schema", "a STRONG association is created with one");
        }

        return draft.Image.Subject(subject).Latest is { } latest && (latest.Version != 1 || !Has(draft, subject, claim.Schema))
            ? Invalid("frozen", $"subject '{subject}' has schemas already")
            : null;
    }

    private static Outcome<ClaimedAssociation> Again(
        AssociationDraft draft,
        ResourceName resource,
        AssociationClaim claim,
        AssociationOpKind kind,
        Subject? subject,
        Association existing)
    {
        var type = claim.TypeOrValue;
        if (kind == AssociationOpKind.Create)
        {
            return IsSame(existing, claim, subject) && (claim.Schema is null || Has(draft, existing.Subject, claim.Schema))
                ? new ClaimedAssociation(type, existing.Subject, existing.Value.Lifecycle, claim.Schema, existing)
                : ResourceTaken(type, resource.Name);
        }

        if (IsSame(existing, claim, subject ?? existing.Subject))
        {
            return claim.Schema is not null && !existing.IsStrong
                ? Invalid("lifecycle", "with a schema it is STRONG")
                : new ClaimedAssociation(type, existing.Subject, existing.Value.Lifecycle, claim.Schema, existing);
        }

        if (existing.Value.Frozen)
        {
            return Frozen(type, existing.Subject);
        }

        return subject is { } other && other != existing.Subject
            ? Invalid("subject", $"it is '{existing.Subject}' and cannot become '{other}'; delete the association and create another")
            : Invalid("lifecycle", "a WEAK association does not become STRONG; delete it and create another");
    }

    private static Subject? OwnSubject(ResourceName resource, AssociationClaim claim, AssociationOpKind kind) =>
        kind == AssociationOpKind.Create && claim.Lifecycle == AssociationLifecycle.Strong
            ? resource.OwnSubject(claim.TypeOrValue)
            : null;

    private static bool IsSame(Association existing, AssociationClaim claim, Subject? subject) =>
        subject == existing.Subject
        && (claim.Lifecycle is null || claim.Lifecycle == existing.Value.Lifecycle)
        && (claim.Frozen is null || claim.Frozen == existing.Value.Frozen);

    private static bool Has(AssociationDraft draft, Subject subject, SchemaRequest schema) =>
        SchemaLookup.ByContent(draft.Image, draft.Rules, subject, schema, Visibility.Live).Error is null;

    /// <summary>An unqualified name is in the context that was asked for; an alias stands for its target.</summary>
    private static Subject Resolve(RegistryImage image, string context, string name)
    {
        var subject = Subject.ParseWithin(context, name);
        return image.Subject(subject).Config?.Alias is { Length: > 0 } alias
            ? Subject.ParseWithin(subject.Context, alias)
            : subject;
    }
}

using SchemaStream.Registry.Core.Associations;
using SchemaStream.Registry.Core.Queries;
using SchemaStream.Registry.Core.State;

namespace SchemaStream.Registry.Core.Commands;

/// <summary>Makes, changes and gives up associations of one resource: all that is asked for, or nothing.</summary>
/// <param name="Resource">The resource.</param>
/// <param name="Ops">What is to be done. Claims of one kind that follow one another are decided together.</param>
/// <param name="Context">The context of unqualified subjects.</param>
/// <param name="Trial">Whether it is only tried.</param>
public sealed record ChangeAssociations(ResourceName Resource, IReadOnlyList<AssociationOp> Ops, string Context, Trial Trial)
    : IRegistryCommand<ResourceAssociations>
{
    /// <summary>Who asks, where callers are known: a contract that comes of it remembers.</summary>
    public string? Caller { get; init; }

    public Decision<ResourceAssociations> Decide(RegistryImage image, RegistryRules rules, DateTimeOffset now)
    {
        if (AssociationShape.Check(Resource, [.. Ops.Select(op => op.Claim)], Trial) is { } malformed)
        {
            return malformed;
        }

        var draft = new AssociationDraft(image, rules, now) { Caller = Caller };
        for (var next = 0; next < Ops.Count;)
        {
            var kind = Ops[next].Kind;
            AssociationOp[] run = [.. Ops.Skip(next).TakeWhile(op => op.Kind == kind)];
            var refusal = kind == AssociationOpKind.Delete
                ? run.Select(op => Release(draft, op)).FirstOrDefault(error => error is not null)
                : new AssociationClaims(draft, Resource, Context).Claim([.. run.Select(op => op.Claim)], kind, Trial);
            if (refusal is not null)
            {
                return refusal;
            }

            next += run.Length;
        }

        return draft.Conclude(Reply(draft), Trial);
    }

    private RegistryError? Release(AssociationDraft draft, AssociationOp op) => AssociationReleases.Release(
        draft, [.. Held(draft.Image).Where(association => association.Key.AssociationType == op.Claim.TypeOrValue)], op.Cascade);

    private IEnumerable<Association> Held(RegistryImage image) =>
        AssociationQuery.ByResource(image, Resource.Id ?? "", new AssociationFilter(Resource.TypeOrTopic));

    private ResourceAssociations Reply(AssociationDraft draft) => new(
        Resource.Name,
        Resource.Namespace,
        Resource.Id,
        Resource.TypeOrTopic,
        Trial == Trial.DryRun
            ? []
            : [.. Held(draft.Image)
                .Where(association => Ops.Any(op => op.Claim.TypeOrValue == association.Key.AssociationType))
                .Select(association => new AssociatedSubject(
                    association, draft.Registered.GetValueOrDefault(association.Key.AssociationType)))]);
}

/// <summary>Gives up associations of a resource. Replies how many.</summary>
/// <param name="ResourceId">The resource's id.</param>
/// <param name="Filter">Which of its associations.</param>
/// <param name="Cascade">Whether strong ones take their subjects with them.</param>
/// <param name="Trial">Whether it is only tried.</param>
public sealed record ReleaseAssociations(string ResourceId, AssociationFilter Filter, Cascade Cascade, Trial Trial)
    : IRegistryCommand<int>
{
    public Decision<int> Decide(RegistryImage image, RegistryRules rules, DateTimeOffset now)
    {
        Association[] held = [.. AssociationQuery.ByResource(image, ResourceId, Filter)];
        if (held.Length == 0)
        {
            return AssociationRefusals.NotFound(ResourceId);
        }

        var draft = new AssociationDraft(image, rules, now);
        return AssociationReleases.Release(draft, held, Cascade) is { } refusal ? refusal : draft.Conclude(held.Length, Trial);
    }
}

using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using SchemaStream.Registry.Core;
using SchemaStream.Registry.Core.Associations;
using SchemaStream.Registry.Core.Commands;
using SchemaStream.Registry.Core.Queries;
using SchemaStream.Registry.Core.State;
using SchemaStream.Registry.Http;
using SchemaStream.Registry.Topics;

namespace SchemaStream.Registry.Endpoints;

/// <summary><c>/associations</c>: which subject the key and the value of a topic have.</summary>
internal sealed class AssociationEndpoints(RegistryWriter registry, TopicTypes topics)
{
    private const int LargestPage = 1000;
    private const int LargestBatch = 1000;

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.Post("/associations", context => ClaimAsync(context, AssociationOpKind.Create));
        routes.Put("/associations/resources/{resourceId}", context => ClaimAsync(context, AssociationOpKind.Upsert));
        routes.Get("/associations/subjects/{subject}", context => ListAsync(
            context, filter => AssociationQuery.BySubject(registry.Image, Subject.Parse(context.Segment(2)), filter)));
        routes.Get("/associations/resources/{resourceId}", context => ListAsync(
            context, filter => AssociationQuery.ByResource(registry.Image, context.Segment(2), filter)));
        routes.Get("/associations/resources/{namespace}/{name}", context => ListAsync(
            context, filter => AssociationQuery.ByName(registry.Image, context.Segment(2), context.Segment(3), filter)));
        routes.Delete("/associations/resources/{resourceId}", ReleaseAsync);
        routes.Post("/associations:batchGet", BatchGetAsync);
        routes.Post("/associations:batchMutate", BatchMutateAsync);
    }

    private static Task ListAsync(HttpContext context, Func<AssociationFilter, IEnumerable<Association>> find) =>
        AssociationParameters.Filter(context).TryGet(out var filter, out var error)
        && context.Page(find(filter), LargestPage).TryGet(out var page, out error)
            ? Reply.ListAsync(context, page, AssociationJson.Write)
            : Reply.ErrorAsync(context, error);

    private async Task ClaimAsync(HttpContext context, AssociationOpKind kind)
    {
        var named = kind == AssociationOpKind.Upsert ? context.Segment(2) : null;
        var body = AssociationParameters.Context(context).TryGet(out var within, out var error)
            ? await RequestBody.ReadAsync<ChangeAssociations>(context, json =>
            {
                var fields = new JsonFields(json);
                var resource = AssociationJson.ReadResource(fields);
                var claims = fields.List("associations", AssociationJson.ReadClaim);
                if (fields.Error is { } malformed)
                {
                    return malformed;
                }

                return named is not null && resource.Id is not null && resource.Id != named
                    ? Invalid("resourceId", $"the path says '{named}', the body '{resource.Id}'")
                    : new ChangeAssociations(
                        resource with { Id = resource.Id ?? named },
                        [.. claims.Select(claim => new AssociationOp(kind, claim))],
                        within,
                        TrialOf(context));
            }).ConfigureAwait(false)
            : error;
        if (!body.TryGet(out var change, out error))
        {
            await Reply.ErrorAsync(context, error).ConfigureAwait(false);
            return;
        }

        var changed = await SubmitAsync(context, change).ConfigureAwait(false);
        await Reply.OutcomeAsync(context, changed, AssociationJson.Write).ConfigureAwait(false);
    }

    private async ValueTask<Outcome<ResourceAssociations>> SubmitAsync(HttpContext context, ChangeAssociations change)
    {
        if (change.Resource.Name is { Length: > 0 } topic)
        {
            // What the topic was created with comes before what an association says of it.
            await topics.EnsureAsync(topic, context.RequestAborted).ConfigureAwait(false);
        }

        return await registry.SubmitAsync(
            change with { Caller = RequestState.Of(context).Caller?.Name }, context.RequestAborted).ConfigureAwait(false);
    }

    private async Task ReleaseAsync(HttpContext context)
    {
        if (!AssociationParameters.Filter(context).TryGet(out var filter, out var error))
        {
            await Reply.ErrorAsync(context, error).ConfigureAwait(false);
            return;
        }

        var cascade = context.Flag("cascadeLifecycle") ? Cascade.Subject : Cascade.None;
        var released = await registry.SubmitAsync(
            new ReleaseAssociations(context.Segment(2), filter, cascade, TrialOf(context)), context.RequestAborted).ConfigureAwait(false);
        if (released.Error is { } refusal)
        {
            await Reply.ErrorAsync(context, refusal).ConfigureAwait(false);
            return;
        }

        context.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    private async Task BatchGetAsync(HttpContext context)
    {
        var body = await ReadBatchAsync(context, fields => new AssociationWish(
            AssociationJson.ReadResource(fields),
            fields.Strings("associationTypes") ?? [],
            AssociationJson.ReadLifecycle(fields))).ConfigureAwait(false);
        var image = registry.Image;
        var withSchemas = context.Flag("includeSchemas");
        await (body.TryGet(out var wishes, out var error)
            ? ResultsAsync(context, [.. wishes.Select(wish => wish.Find(image, withSchemas))])
            : Reply.ErrorAsync(context, error)).ConfigureAwait(false);
    }

    private async Task BatchMutateAsync(HttpContext context)
    {
        var trial = TrialOf(context);
        var body = AssociationParameters.Context(context).TryGet(out var within, out var error)
            ? await ReadBatchAsync(context, fields => new ChangeAssociations(
                AssociationJson.ReadResource(fields), fields.List("associations", AssociationJson.ReadOp), within, trial))
                .ConfigureAwait(false)
            : error;
        if (!body.TryGet(out var changes, out error))
        {
            await Reply.ErrorAsync(context, error).ConfigureAwait(false);
            return;
        }

        var results = new List<Outcome<ResourceAssociations>>(changes.Count);
        foreach (var change in changes)
        {
            results.Add(await SubmitAsync(context, change).ConfigureAwait(false));
        }

        await ResultsAsync(context, results).ConfigureAwait(false);
    }

    private static async ValueTask<Outcome<IReadOnlyList<T>>> ReadBatchAsync<T>(HttpContext context, Func<JsonFields, T> read)
        where T : notnull =>
        await RequestBody.ReadAsync<IReadOnlyList<T>>(context, json =>
        {
            var fields = new JsonFields(json);
            var requests = fields.List("requests", read);
            return fields.Error is { } malformed ? malformed
                : requests.Count is 0 or > LargestBatch ? Invalid("requests", $"there are 1 to {LargestBatch} of them")
                : Outcome.Of(requests);
        }).ConfigureAwait(false);

    private static Task ResultsAsync(HttpContext context, IReadOnlyList<Outcome<ResourceAssociations>> results) =>
        Reply.BytesAsync(
            context, StatusCodes.Status207MultiStatus, Reply.Render(writer => AssociationJson.WriteResults(writer, results)));

    private static Trial TrialOf(HttpContext context) => context.Flag("dryRun") ? Trial.DryRun : Trial.Real;

    private static RegistryError Invalid(string property, string why) =>
        new(ErrorCodes.InvalidAssociation, $"The property '{property}' is not valid: {why}.");

    /// <summary>A resource whose associations are asked for among others.</summary>
    private sealed record AssociationWish(ResourceName Resource, IReadOnlyList<string> Types, AssociationLifecycle? Lifecycle)
    {
        public Outcome<ResourceAssociations> Find(RegistryImage image, bool withSchemas)
        {
            if (string.IsNullOrEmpty(Resource.Id) && string.IsNullOrEmpty(Resource.Name))
            {
                return Invalid("resourceId", "it, or 'resourceName', says which resource is meant");
            }

            if (!string.IsNullOrEmpty(Resource.Name) && string.IsNullOrEmpty(Resource.Namespace))
            {
                return Invalid("resourceNamespace", "it goes with 'resourceName'");
            }

            var filter = new AssociationFilter(Resource.TypeOrTopic, Types, Lifecycle);
            Association[] found =
            [
                .. string.IsNullOrEmpty(Resource.Id)
                    ? AssociationQuery.ByName(image, Resource.Namespace!, Resource.Name!, filter)
                    : AssociationQuery.ByResource(image, Resource.Id, filter),
            ];
            var first = found.FirstOrDefault();
            return new ResourceAssociations(
                Resource.Name ?? first?.Key.ResourceName,
                Resource.Namespace ?? first?.Key.ResourceNamespace,
                Resource.Id ?? first?.Value.ResourceId,
                Resource.TypeOrTopic,
                [.. found.Select(association => new AssociatedSubject(
                    association,
                    withSchemas && image.Subject(association.Subject).Latest is { } latest
                        ? SubjectSchema.Of(association.Subject, latest)
                        : null))]);
        }
    }
}

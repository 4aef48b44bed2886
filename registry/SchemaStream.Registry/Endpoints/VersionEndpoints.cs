using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using SchemaStream.Registry.Core;
using SchemaStream.Registry.Core.Commands;
using SchemaStream.Registry.Core.Queries;
using SchemaStream.Registry.Core.State;
using SchemaStream.Registry.Http;
using SchemaStream.Registry.Topics;

namespace SchemaStream.Registry.Endpoints;

/// <summary><c>/subjects/{S}/versions</c>: registering, reading, deleting.</summary>
internal sealed class VersionEndpoints(RegistryWriter registry, TopicTypes topics)
{
    private const int LargestReferrerPage = 1000;

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.Get("/subjects/{subject}/versions", ListAsync);
        routes.Post("/subjects/{subject}/versions", RegisterAsync);
        routes.Get("/subjects/{subject}/versions/{version}", ReadAsync);
        routes.Get("/subjects/{subject}/versions/{version}/schema", ReadTextAsync);
        routes.Get("/subjects/{subject}/versions/{version}/referencedby", ReferencedByAsync);
        routes.Delete("/subjects/{subject}/versions/{version}", DeleteAsync);
    }

    /// <summary>The body that registering, looking up and testing share.</summary>
    public static ValueTask<Outcome<SchemaRequest>> ReadRequestAsync(HttpContext context)
    {
        var normalization = context.Flag("normalize") ? Normalization.Requested : Normalization.AsConfigured;
        return RequestBody.ReadAsync<SchemaRequest>(context, body =>
        {
            var fields = new JsonFields(body);
            var request = SchemaJson.ReadRequest(fields, normalization);
            return fields.Error is { } error ? error : request;
        });
    }

    private Task ListAsync(HttpContext context)
    {
        var (image, subject, negative) = (registry.Image, SubjectOf(context), context.Flag("deletedAsNegative"));
        var shown = Listing.Versions(image, subject, context.Visibility());
        if (negative && shown.Error is null)
        {
            shown = Listing.Versions(image, subject, Visibility.Deleted);
        }

        if (!shown.TryGet(out var versions, out var error))
        {
            return Reply.ErrorAsync(context, error);
        }

        var numbers = versions.Select(entry => negative && !entry.IsLive ? -entry.Version : entry.Version);
        return Reply.OutcomeAsync(context, context.Page(numbers, int.MaxValue), Lists.Numbers);
    }

    private async Task RegisterAsync(HttpContext context)
    {
        var body = await ReadRequestAsync(context).ConfigureAwait(false);
        if (!body.TryGet(out var request, out var error))
        {
            await Reply.ErrorAsync(context, error).ConfigureAwait(false);
            return;
        }

        // Producers register what is known already whenever they start: that needs no writer.
        var subject = SubjectOf(context);
        var known = SchemaLookup.Registered(registry.Image, registry.Rules, subject, request);
        if (known is null
            && TopicSlot.OfSubject(subject) is { } slot
            && registry.Image.Contracts.ByTopic.GetValueOrDefault(slot.Topic)?[slot.Slot] is null)
        {
            // What the topic was created with comes before what its first schema implies.
            await topics.EnsureAsync(slot.Topic, context.RequestAborted).ConfigureAwait(false);
        }

        var registered = known is not null
            ? known
            : await registry.SubmitAsync(
                new RegisterSchema(subject, request, context.Flag("force") ? Admission.Forced : Admission.Checked)
                {
                    Caller = RequestState.Of(context).Caller?.Name,
                },
                context.RequestAborted).ConfigureAwait(false);
        if (!registered.TryGet(out var accepted, out error)
            || !SchemaView.Of(context, registry, accepted.Schema).TryGet(out var view, out error))
        {
            await Reply.ErrorAsync(context, error).ConfigureAwait(false);
            return;
        }

        await Reply.JsonAsync(context, writer => SchemaJson.WriteRegistered(writer, accepted, view)).ConfigureAwait(false);
    }

    private Task ReadAsync(HttpContext context) =>
        Find(context).TryGet(out var found, out var error)
        && SchemaView.Of(context, registry, found.Schema).TryGet(out var view, out error)
            ? Reply.JsonAsync(context, writer => SchemaJson.WriteSchema(writer, found, view))
            : Reply.ErrorAsync(context, error);

    private Task ReadTextAsync(HttpContext context) =>
        Find(context).TryGet(out var found, out var error)
        && SchemaView.TextOf(context, registry, found.Schema).TryGet(out var text, out error)
            ? Reply.TextAsync(context, text)
            : Reply.ErrorAsync(context, error);

    private Task ReferencedByAsync(HttpContext context)
    {
        if (!VersionSelector.Parse(context.Segment(3)).TryGet(out var version, out var error)
            || !Listing.ReferencedBy(registry.Image, SubjectOf(context), version, context.WithDeleted())
                .TryGet(out var ids, out error))
        {
            return Reply.ErrorAsync(context, error);
        }

        return Reply.OutcomeAsync(context, context.Page(ids, LargestReferrerPage), Lists.Numbers);
    }

    private async Task DeleteAsync(HttpContext context)
    {
        if (!VersionSelector.Parse(context.Segment(3)).TryGet(out var version, out var error))
        {
            await Reply.ErrorAsync(context, error).ConfigureAwait(false);
            return;
        }

        var deletion = context.Flag("permanent") ? Deletion.Permanent : Deletion.Soft;
        var deleted = await registry.SubmitAsync(
            new DeleteVersion(SubjectOf(context), version, deletion), context.RequestAborted).ConfigureAwait(false);
        await Reply.OutcomeAsync(context, deleted, (writer, number) => writer.WriteNumberValue(number))
            .ConfigureAwait(false);
    }

    private Outcome<SubjectSchema> Find(HttpContext context) =>
        VersionSelector.Parse(context.Segment(3)).TryGet(out var version, out var error)
            ? ContextSearch.ByVersion(registry.Image, SubjectOf(context), version, context.WithDeleted())
            : error;

    private static Subject SubjectOf(HttpContext context) => Subject.Parse(context.Segment(1));
}

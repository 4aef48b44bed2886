using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using SchemaStream.Registry.Core;
using SchemaStream.Registry.Core.Commands;
using SchemaStream.Registry.Core.Queries;
using SchemaStream.Registry.Http;

namespace SchemaStream.Registry.Endpoints;

/// <summary><c>/subjects</c>: names, look-up, deletion.</summary>
internal sealed class SubjectEndpoints(RegistryWriter registry)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.Get("/subjects", ListAsync);
        routes.Post("/subjects/{subject}", LookUpAsync);
        routes.Delete("/subjects/{subject}", DeleteAsync);
    }

    private Task ListAsync(HttpContext context)
    {
        var prefix = context.SubjectPrefix(otherwise: Listing.AnyContext);
        return Reply.OutcomeAsync(
            context,
            context.Page(Listing.Subjects(registry.Image, prefix, context.Visibility()), int.MaxValue),
            Lists.Subjects);
    }

    private async Task LookUpAsync(HttpContext context)
    {
        var request = await VersionEndpoints.ReadRequestAsync(context).ConfigureAwait(false);
        if (!request.TryGet(out var schema, out var error)
            || !ContextSearch.ByContent(
                registry.Image, registry.Rules, Subject.Parse(context.Segment(1)), schema, context.WithDeleted())
                .TryGet(out var found, out error)
            || !SchemaView.Of(context, registry, found.Schema).TryGet(out var view, out error))
        {
            await Reply.ErrorAsync(context, error).ConfigureAwait(false);
            return;
        }

        await Reply.JsonAsync(context, writer => SchemaJson.WriteSchema(writer, found, view)).ConfigureAwait(false);
    }

    private async Task DeleteAsync(HttpContext context)
    {
        var deletion = context.Flag("permanent") ? Deletion.Permanent : Deletion.Soft;
        var deleted = await registry.SubmitAsync(
            new DeleteSubject(Subject.Parse(context.Segment(1)), deletion), context.RequestAborted).ConfigureAwait(false);
        await Reply.OutcomeAsync(context, deleted, (writer, versions) => Lists.Numbers(writer, versions))
            .ConfigureAwait(false);
    }
}

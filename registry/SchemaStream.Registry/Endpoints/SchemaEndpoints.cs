using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using SchemaStream.Registry.Core;
using SchemaStream.Registry.Core.Queries;
using SchemaStream.Registry.Core.State;
using SchemaStream.Registry.Http;

namespace SchemaStream.Registry.Endpoints;

/// <summary><c>/schemas</c>: by id, by GUID, all of them.</summary>
internal sealed class SchemaEndpoints(RegistryWriter registry)
{
    private const int LargestSchemaPage = 1000;

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.Get("/schemas", ListAsync);
        routes.Get("/schemas/types", context => Reply.JsonAsync(
            context, writer => Lists.Strings(writer, registry.Rules.Formats.Names)));
        routes.Get("/schemas/ids/{id}", ByIdAsync);
        routes.Get("/schemas/ids/{id}/schema", TextByIdAsync);
        routes.Get("/schemas/ids/{id}/subjects", SubjectsAsync);
        routes.Get("/schemas/ids/{id}/versions", VersionsAsync);
        routes.Get("/schemas/guids/{guid}", ByGuidAsync);
        routes.Get("/schemas/guids/{guid}/ids", IdsOfGuidAsync);
    }

    private Task ListAsync(HttpContext context)
    {
        if (!AssociationParameters.Choice(context).TryGet(out var associations, out var unreadable))
        {
            return Reply.ErrorAsync(context, unreadable);
        }

        var all = Listing.Schemas(registry.Image, new SchemaFilter(
            context.SubjectPrefix(otherwise: ""),
            context.WithDeleted(),
            context.Flag("latestOnly") ? VersionChoice.Latest : VersionChoice.All,
            context.Flag("aliases") ? AliasSearch.Included : AliasSearch.Excluded,
            context.Text("ruleType") is { Length: > 0 } ruleType ? ruleType : null)
        {
            Associations = associations.Choice,
        });
        return context.Page(all, LargestSchemaPage).TryGet(out var page, out var error)
            ? Reply.ListAsync(context, page, SchemaJson.WriteListed)
            : Reply.ErrorAsync(context, error);
    }

    private Task ByIdAsync(HttpContext context)
    {
        if (!Find(context).TryGet(out var entry, out var error))
        {
            return Reply.ErrorAsync(context, error);
        }

        if (!SchemaView.Of(context, registry, entry.Schema).TryGet(out var view, out error))
        {
            return Reply.ErrorAsync(context, error);
        }

        var image = registry.Image;
        var named = Within(context) is { Name.Length: > 0 } subject
            ? entry.Uses.Where(use => use.Subject.Name == subject.Name).Select(use => (SubjectVersion?)use).MaxBy(use => use!.Value.Version)
            : null;
        int? maxId = context.Flag("fetchMaxId") ? image.Context(entry.Schema.Context).MaxId : null;
        return Reply.JsonAsync(context, writer => SchemaJson.WriteById(writer, view, named, maxId));
    }

    private Task TextByIdAsync(HttpContext context) =>
        Find(context).TryGet(out var entry, out var error)
        && SchemaView.TextOf(context, registry, entry.Schema).TryGet(out var text, out error)
            ? Reply.TextAsync(context, text)
            : Reply.ErrorAsync(context, error);

    private Task SubjectsAsync(HttpContext context)
    {
        if (!Find(context).TryGet(out var entry, out var error))
        {
            return Reply.ErrorAsync(context, error);
        }

        var subjects = SchemaLookup.Uses(registry.Image, entry, context.WithDeleted()).Select(use => use.Subject);
        return Reply.OutcomeAsync(context, context.Page(subjects, int.MaxValue), Lists.Subjects);
    }

    private Task VersionsAsync(HttpContext context)
    {
        if (!Find(context).TryGet(out var entry, out var error))
        {
            return Reply.ErrorAsync(context, error);
        }

        var uses = SchemaLookup.Uses(registry.Image, entry, context.WithDeleted());
        return Reply.OutcomeAsync(context, context.Page(uses, int.MaxValue), (writer, page) => Lists.Of(writer, page, use =>
        {
            writer.WriteStartObject();
            writer.WriteString("subject", use.Subject.ToString());
            writer.WriteNumber("version", use.Version);
            writer.WriteEndObject();
        }));
    }

    private Task ByGuidAsync(HttpContext context)
    {
        var schema = OfGuid(context).FirstOrDefault();
        if (schema is null)
        {
            return Reply.ErrorAsync(context, new RegistryError(ErrorCodes.SchemaNotFound, "Schema not found."));
        }

        return SchemaView.Of(context, registry, schema).TryGet(out var view, out var error)
            ? Reply.JsonAsync(context, writer => SchemaJson.WriteById(writer, view, named: null, maxId: null))
            : Reply.ErrorAsync(context, error);
    }

    private Task IdsOfGuidAsync(HttpContext context)
    {
        var schemas = OfGuid(context).ToArray();
        return Reply.JsonAsync(context, writer => Lists.Of(writer, schemas, schema =>
        {
            writer.WriteStartObject();
            writer.WriteString("context", schema.Context);
            writer.WriteNumber("id", schema.Id);
            writer.WriteEndObject();
        }));
    }

    private IEnumerable<StoredSchema> OfGuid(HttpContext context) =>
        Guid.TryParse(context.Segment(2), out var guid)
            ? from ids in registry.Image.Contexts.Values
              orderby ids.Name
              where ids.IdByGuid.ContainsKey(guid)
              select ids.ById[ids.IdByGuid[guid]].Schema
            : [];

    private Outcome<IdEntry> Find(HttpContext context) =>
        int.TryParse(context.Segment(2), NumberStyles.None, CultureInfo.InvariantCulture, out var id)
            ? SchemaLookup.ById(registry.Image, Within(context), id)
            : new RegistryError(404, $"'{context.Segment(2)}' is not a schema id.");

    private static Subject? Within(HttpContext context) => context.SubjectParameter();
}

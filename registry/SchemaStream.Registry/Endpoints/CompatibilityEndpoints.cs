using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using SchemaStream.Registry.Core;
using SchemaStream.Registry.Core.Queries;
using SchemaStream.Registry.Http;

namespace SchemaStream.Registry.Endpoints;

/// <summary><c>/compatibility</c>: what would stand against a schema.</summary>
internal sealed class CompatibilityEndpoints(RegistryWriter registry)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.Post("/compatibility/subjects/{subject}/versions", context => CheckAsync(
            context,
            (subject, request) => CompatibilityQuery.AsRegistration(registry.Image, registry.Rules, subject, request)));
        routes.Post("/compatibility/subjects/{subject}/versions/{version}", context => CheckAsync(
            context,
            (subject, request) => VersionSelector.Parse(context.Segment(4)).TryGet(out var version, out var error)
                ? CompatibilityQuery.AgainstVersion(registry.Image, registry.Rules, subject, version, request)
                : error));
    }

    private static async Task CheckAsync(
        HttpContext context, Func<Subject, SchemaRequest, Outcome<IReadOnlyList<string>>> check)
    {
        var body = await VersionEndpoints.ReadRequestAsync(context).ConfigureAwait(false);
        if (!body.TryGet(out var request, out var error))
        {
            await Reply.ErrorAsync(context, error).ConfigureAwait(false);
            return;
        }

        var verbose = context.Flag("verbose");
        var outcome = check(Subject.Parse(context.Segment(2)), request);
        if (verbose && outcome.Error is { Code: ErrorCodes.InvalidSchema } invalid)
        {
            // Who asks for the reasons gets this one as a reason too.
            IReadOnlyList<string> reason = [invalid.Message];
            outcome = Outcome.Of(reason);
        }

        await Reply.OutcomeAsync(context, outcome, (writer, messages) =>
        {
            writer.WriteStartObject();
            writer.WriteBoolean("is_compatible", messages.Count == 0);
            if (verbose)
            {
                writer.WritePropertyName("messages");
                Lists.Strings(writer, messages);
            }

            writer.WriteEndObject();
        }).ConfigureAwait(false);
    }
}

using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using SchemaStream.Registry.Core;
using SchemaStream.Registry.Core.Commands;
using SchemaStream.Registry.Core.State;
using SchemaStream.Registry.Http;

namespace SchemaStream.Registry.Endpoints;

/// <summary><c>/config</c>: the registry's own and each subject's.</summary>
internal sealed class ConfigEndpoints(RegistryWriter registry)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.Get("/config", context => Reply.JsonAsync(
            context, writer => Write(writer, WithLevel(registry.Image.GlobalConfig), "compatibilityLevel")));
        routes.Get("/config/{subject}", ReadAsync);
        routes.Put("/config", context => UpdateAsync(context, null));
        routes.Put("/config/{subject}", context => UpdateAsync(context, SubjectOf(context)));
        routes.Delete("/config", context => DeleteAsync(context, null));
        routes.Delete("/config/{subject}", context => DeleteAsync(context, SubjectOf(context)));
    }

    private Task ReadAsync(HttpContext context)
    {
        var subject = SubjectOf(context);
        var config = context.Flag("defaultToGlobal")
            ? registry.Image.ConfigInForce(subject, registry.Rules.Settings)
            : registry.Image.Subject(subject).Config;
        return config is null
            ? Reply.ErrorAsync(context, new RegistryError(
                ErrorCodes.SubjectConfigNotFound,
                $"Subject '{subject}' has no configuration of its own; defaultToGlobal=true shows what holds for it."))
            : Reply.JsonAsync(context, writer => Write(writer, config, "compatibilityLevel"));
    }

    private async Task UpdateAsync(HttpContext context, Subject? subject)
    {
        var body = await RequestBody.ReadAsync(context, ReadUpdate).ConfigureAwait(false);
        if (!body.TryGet(out var update, out var error))
        {
            await Reply.ErrorAsync(context, error).ConfigureAwait(false);
            return;
        }

        var merged = await registry.SubmitAsync(new UpdateConfig(subject, update), context.RequestAborted)
            .ConfigureAwait(false);
        await Reply.OutcomeAsync(context, merged, (writer, config) => Write(writer, config, "compatibility"))
            .ConfigureAwait(false);
    }

    private async Task DeleteAsync(HttpContext context, Subject? subject)
    {
        var old = await registry.SubmitAsync(new DeleteConfig(subject), context.RequestAborted).ConfigureAwait(false);
        await Reply.OutcomeAsync(context, old, (writer, config) => Write(writer, config, "compatibilityLevel"))
            .ConfigureAwait(false);
    }

    private static Outcome<SubjectConfigUpdate> ReadUpdate(JsonElement body)
    {
        var fields = new JsonFields(body);
        var name = fields.Text("compatibility");
        var level = RegistryNames.LevelOf(name);
        var normalize = fields.Flag("normalize");
        var validate = fields.Flag("validateNewSchemas");
        if (fields.Error is { } malformed)
        {
            return malformed;
        }

        if (name is not null && level is null)
        {
            return new RegistryError(
                ErrorCodes.InvalidCompatibilityLevel,
                $"'{name}' is not a compatibility level. Levels are {RegistryNames.AllLevels}.");
        }

        return new SubjectConfigUpdate
        {
            CompatibilityLevel = new(fields.Has("compatibility"), level),
            Normalize = new(fields.Has("normalize"), normalize),
            ValidateNewSchemas = new(fields.Has("validateNewSchemas"), validate),
        };
    }

    private SubjectConfig WithLevel(SubjectConfig? config) => (config ?? SubjectConfig.Nothing) with
    {
        CompatibilityLevel = config?.CompatibilityLevel ?? registry.Rules.Settings.DefaultCompatibility,
    };

    private static void Write(Utf8JsonWriter writer, SubjectConfig config, string levelName)
    {
        writer.WriteStartObject();
        if (config.Normalize is { } normalize)
        {
            writer.WriteBoolean("normalize", normalize);
        }

        if (config.ValidateNewSchemas is { } validate)
        {
            writer.WriteBoolean("validateNewSchemas", validate);
        }

        if (config.CompatibilityLevel is { } level)
        {
            writer.WriteString(levelName, RegistryNames.NameOf(level));
        }

        writer.WriteEndObject();
    }

    private static Subject SubjectOf(HttpContext context) => Subject.Parse(context.Segment(1));
}

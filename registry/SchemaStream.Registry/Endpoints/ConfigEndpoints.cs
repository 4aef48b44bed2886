using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using SchemaStream.Registry.Core;
using SchemaStream.Registry.Core.Commands;
using SchemaStream.Registry.Core.Compatibility;
using SchemaStream.Registry.Core.DataContracts;
using SchemaStream.Registry.Core.Queries;
using SchemaStream.Registry.Core.Records;
using SchemaStream.Registry.Core.State;
using SchemaStream.Registry.Http;

namespace SchemaStream.Registry.Endpoints;

/// <summary><c>/config</c>: the registry's own, each context's and each subject's; <c>/settings</c>: which there are.</summary>
internal sealed class ConfigEndpoints(RegistryWriter registry)
{
    private const string LevelInReplies = "compatibilityLevel";
    private const string LevelInUpdates = "compatibility";

    /// <summary>
    /// Confluent's registry passes the name of its answers over in silence. So does this one, unless a level would be lost
    /// by it: whoever sends back what was read is understood.
    /// </summary>
    private static readonly RegistryError Misnamed = new(
        ErrorCodes.InvalidCompatibilityLevel,
        $"A level is set by '{LevelInUpdates}'; '{LevelInReplies}' is what answers call it, and sets nothing.");

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.Get("/settings", ListAsync);
        routes.Get("/config", context => ReadAsync(context, null));
        routes.Get("/config/{subject}", context => ReadAsync(context, SubjectOf(context)));
        routes.Put("/config", context => UpdateAsync(context, null));
        routes.Put("/config/{subject}", context => UpdateAsync(context, SubjectOf(context)));
        routes.Delete("/config", context => DeleteAsync(context, null));
        routes.Delete("/config/{subject}", context => DeleteAsync(context, SubjectOf(context)));
    }

    /// <summary>Ours alone: no list of Confluent's tells of settings that were made before the first version.</summary>
    private Task ListAsync(HttpContext context) => Reply.OutcomeAsync(
        context,
        context.Page(Listing.WithSettings(registry.Image, context.SubjectPrefix(otherwise: Listing.AnyContext)), int.MaxValue),
        Lists.Subjects);

    private Task ReadAsync(HttpContext context, Subject? subject)
    {
        var (image, settings) = (registry.Image, registry.Rules.Settings);
        var config = context.Flag("defaultToGlobal") ? InForce(subject)
            : subject is { } named ? image.OwnConfig(named, settings)
            : (image.GlobalConfig ?? SubjectConfig.Nothing).WithLevel(settings);
        return config is null
            ? Reply.ErrorAsync(context, new RegistryError(
                ErrorCodes.SubjectConfigNotFound,
                $"Subject '{subject}' has no configuration of its own; defaultToGlobal=true shows what holds for it."))
            : Reply.BytesAsync(context, StatusCodes.Status200OK, ConfigJson.Render(config, LevelInReplies));
    }

    private async Task UpdateAsync(HttpContext context, Subject? subject)
    {
        var body = await RequestBody.ReadAsync(context, ReadUpdate).ConfigureAwait(false);
        if (!body.TryGet(out var update, out var error))
        {
            await Reply.ErrorAsync(context, error).ConfigureAwait(false);
            return;
        }

        if (update.MisnamedLevel is { } level
            && level != InForce(subject).CompatibilityLevel)
        {
            await Reply.ErrorAsync(context, Misnamed).ConfigureAwait(false);
            return;
        }

        var merged = await registry.SubmitAsync(new UpdateConfig(subject, update.Update), context.RequestAborted)
            .ConfigureAwait(false);
        await ReplyAsync(context, merged, LevelInUpdates).ConfigureAwait(false);
    }

    private SubjectConfig InForce(Subject? subject) => subject is { } named
        ? registry.Image.ConfigInForce(named, registry.Rules.Settings)
        : registry.Image.GlobalConfigInForce(registry.Rules.Settings);

    private async Task DeleteAsync(HttpContext context, Subject? subject)
    {
        var old = await registry.SubmitAsync(new DeleteConfig(subject), context.RequestAborted).ConfigureAwait(false);
        await ReplyAsync(context, old, LevelInReplies).ConfigureAwait(false);
    }

    private static Task ReplyAsync(HttpContext context, Outcome<SubjectConfig> outcome, string levelName) =>
        outcome.TryGet(out var config, out var error)
            ? Reply.BytesAsync(context, StatusCodes.Status200OK, ConfigJson.Render(config, levelName))
            : Reply.ErrorAsync(context, error);

    private static Outcome<SentConfig> ReadUpdate(JsonElement body)
    {
        var fields = new JsonFields(body);
        var name = fields.Text(LevelInUpdates);
        var level = RegistryNames.LevelOf(name);
        var policy = fields.Text("compatibilityPolicy");
        var update = new SubjectConfigUpdate
        {
            Alias = Text("alias"),
            AliasForDeks = Text("aliasForDeks"),
            Normalize = Flag("normalize"),
            ValidateFields = Flag("validateFields"),
            ValidateNewSchemas = Flag("validateNewSchemas"),
            ValidateRules = Flag("validateRules"),
            CompatibilityLevel = new(fields.Has(LevelInUpdates), level),
            CompatibilityPolicy = new(fields.Has("compatibilityPolicy"), CompatibilityPolicyNames.Find(policy)),
            CompatibilityGroup = Text("compatibilityGroup"),
            DefaultMetadata = Part("defaultMetadata", DataContractJson.ReadMetadata),
            OverrideMetadata = Part("overrideMetadata", DataContractJson.ReadMetadata),
            DefaultRuleSet = Part("defaultRuleSet", DataContractJson.ReadRuleSet),
            OverrideRuleSet = Part("overrideRuleSet", DataContractJson.ReadRuleSet),
        };
        if (fields.Error is { } malformed)
        {
            return malformed;
        }

        return name is not null && level is null
            ? new RegistryError(
                ErrorCodes.InvalidCompatibilityLevel,
                $"'{name}' is not a compatibility level. Levels are {RegistryNames.AllLevels}.")
            : new SentConfig(update, fields.Has(LevelInUpdates) ? null : RegistryNames.LevelOf(fields.Text(LevelInReplies)));

        Change<string> Text(string property) => new(fields.Has(property), fields.Text(property));

        Change<bool?> Flag(string property) => new(fields.Has(property), fields.Flag(property));

        Change<T> Part<T>(string property, Func<JsonElement, T> read)
            where T : class => new(fields.Has(property), fields.Part(property, read));
    }

    /// <summary>An update, and the level that it has under the name that only answers have.</summary>
    private sealed record SentConfig(SubjectConfigUpdate Update, CompatibilityLevel? MisnamedLevel);

    /// <summary>The default context's configuration is the registry's own, however it is named.</summary>
    private static Subject? SubjectOf(HttpContext context)
    {
        var subject = Subject.Parse(context.Segment(1));
        return subject == Subject.Parse("") ? null : subject;
    }
}

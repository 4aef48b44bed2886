using System.CommandLine;
using System.Text.Json;
using SchemaStream.Cli.Errors;
using SchemaStream.Cli.Topics;

namespace SchemaStream.Cli.Profiles;

/// <summary><c>schemastream profile</c>: addresses and settings under a name.</summary>
internal static class ProfileCommand
{
    public const string Name = "profile";

    public static Command Create() => new FriendlyCommand(Name, "Keeps addresses and settings of clusters under names.")
    {
        CreateOne(), List(), Use(), Show(), Delete(),
    };

    private static Command CreateOne()
    {
        var name = Profile();
        var servers = new Option<string?>("--bootstrap-server") { Description = "The brokers, as host:port, separated by commas", HelpName = "HOST:PORT" };
        var registry = new Option<string?>("--registry") { Description = "The schema registry", HelpName = "URL" };
        var file = new Option<FileInfo?>("--command-config") { Description = "A file of settings by Kafka's names, which are copied", HelpName = "FILE" };
        var set = TopicSettings.Option("--set");
        set.Description = "A setting of the client by Kafka's name, such as security.protocol=SASL_SSL; may be repeated";
        var overwrite = new Option<bool>("--overwrite") { Description = "In the place of a profile of that name" };
        return CommonOptions.Attach(
            new FriendlyCommand("create", "Makes a profile.") { name, servers, registry, file, set, overwrite },
            (context, _) =>
            {
                var (profile, store) = (context.Get(name), context.Profiles);
                if (store.Has(profile) && !context.Get(overwrite))
                {
                    throw ErrorCatalog.Usage.Exception($"There is a profile '{profile}' already.", nextStep: "Choose another name, or add --overwrite.");
                }

                var settings = new Dictionary<string, string>(StringComparer.Ordinal);
                Merge(settings, Kafka.Connecting.ClientProperties.Load(context.Arguments.GetValue(file)?.FullName));
                Merge(settings, TopicSettings.Read(context.Get(set)));
                Merge(settings, EffectiveSettings.ServersName, context.Arguments.GetValue(servers));
                Merge(settings, EffectiveSettings.RegistryName, context.Arguments.GetValue(registry));
                store.Save(profile, settings);
                context.Output.Line($"wrote {store.FileOf(profile)}");
                context.Output.Line($"`schemastream profile use {profile}` makes it the one that counts.");
                context.Output.Json(writer => Write(writer, profile, store.Current() == profile, settings.Select(each => new SettingValue(each.Key, each.Value, $"profile {profile}"))));
                return Task.FromResult(ExitCodes.Done);
            },
            connects: false);
    }

    private static Command List() => CommonOptions.Attach(
        new FriendlyCommand("list", "Lists the profiles."),
        (context, _) =>
        {
            var (names, current) = (context.Profiles.List(), context.Profiles.Current());
            context.Output.Table(["PROFILE", "IN USE"], [.. names.Select(IReadOnlyList<string> (name) => [name, name == current ? "yes" : ""])]);
            context.Output.Json(writer =>
            {
                writer.WriteStartObject();
                writer.WriteStartArray("profiles");
                foreach (var name in names)
                {
                    writer.WriteStartObject();
                    writer.WriteString("profile", name);
                    writer.WriteBoolean("inUse", name == current);
                    writer.WriteEndObject();
                }

                writer.WriteEndArray();
                writer.WriteEndObject();
            });
            return Task.FromResult(ExitCodes.Done);
        },
        connects: false);

    private static Command Use()
    {
        var name = new Argument<string?>("PROFILE") { Description = "The profile", Arity = ArgumentArity.ZeroOrOne };
        var none = new Option<bool>("--none") { Description = "No profile is to count any more" };
        return CommonOptions.Attach(
            new FriendlyCommand("use", "Makes a profile the one that counts.") { name, none },
            (context, _) =>
            {
                var profile = context.Arguments.GetValue(name);
                if (profile is null != context.Get(none))
                {
                    throw ErrorCatalog.Usage.Exception("Either a profile or --none is expected.");
                }

                context.Profiles.Use(profile);
                context.Output.Line(profile is null ? "no profile is in use" : $"profile {profile} is in use");
                context.Output.Json(writer =>
                {
                    writer.WriteStartObject();
                    writer.WriteString("inUse", profile);
                    writer.WriteEndObject();
                });
                return Task.FromResult(ExitCodes.Done);
            },
            connects: false);
    }

    private static Command Show()
    {
        var name = new Argument<string?>("PROFILE") { Description = "The profile; otherwise the one in use", Arity = ArgumentArity.ZeroOrOne };
        var effective = new Option<bool>("--effective") { Description = "What a command with the same switches connects with, and where each value comes from" };
        return CommonOptions.Attach(
            new FriendlyCommand("show", "Shows a profile, without what is secret in it.") { name, effective },
            (context, _) =>
            {
                var store = context.Profiles;
                if (context.Get(effective))
                {
                    if (context.Arguments.GetValue(name) is not null)
                    {
                        throw ErrorCatalog.Usage.Exception("--effective takes no name.", nextStep: "Use --effective --profile NAME.");
                    }

                    Tell(context, context.Settings.Profile, isInUse: context.Settings.Profile is not null && context.Settings.Profile == store.Current(), context.Settings.All);
                    return Task.FromResult(ExitCodes.Done);
                }

                var profile = context.Arguments.GetValue(name) ?? store.Current()
                    ?? throw ErrorCatalog.Usage.Exception("No profile is in use, so one has to be named.", nextStep: "`schemastream profile list` shows those that there are.");
                Tell(context, profile, profile == store.Current(), store.Load(profile).Select(each => new SettingValue(each.Key, each.Value, $"profile {profile}")));
                return Task.FromResult(ExitCodes.Done);
            });
    }

    private static Command Delete()
    {
        var name = Profile();
        return CommonOptions.Attach(
            new FriendlyCommand("delete", "Deletes a profile.") { name },
            (context, _) =>
            {
                var (profile, store) = (context.Get(name), context.Profiles);
                if (!store.Has(profile))
                {
                    throw store.Unknown(profile);
                }

                if (!context.IsDryRun)
                {
                    context.RequireConfirmed($"Delete profile '{profile}' with its settings?");
                    store.Delete(profile);
                }

                Output.Outcome.Tell(context, "profiles", "profile", [new Output.Outcome(profile, !context.IsDryRun, null)]);
                return Task.FromResult(ExitCodes.Done);
            },
            isDestructive: true,
            connects: false);
    }

    private static Argument<string> Profile() => new("PROFILE") { Description = "The profile" };

    private static void Tell(CommandContext context, string? profile, bool isInUse, IEnumerable<SettingValue> settings)
    {
        var rows = settings.OrderBy(each => each.Name, StringComparer.Ordinal).ToList();
        context.Output.Table(["SETTING", "VALUE", "SOURCE"], [.. rows.Select(IReadOnlyList<string> (each) => [each.Name, each.Shown, each.Source])]);
        context.Output.Json(writer => Write(writer, profile, isInUse, rows));
    }

    private static void Write(Utf8JsonWriter writer, string? profile, bool isInUse, IEnumerable<SettingValue> settings)
    {
        writer.WriteStartObject();
        writer.WriteString("profile", profile);
        writer.WriteBoolean("inUse", isInUse);
        writer.WriteStartArray("settings");
        foreach (var setting in settings)
        {
            writer.WriteStartObject();
            writer.WriteString("name", setting.Name);
            writer.WriteString("value", setting.IsSecret ? null : setting.Shown);
            writer.WriteBoolean("isSecret", setting.IsSecret);
            writer.WriteString("source", setting.Source);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void Merge(Dictionary<string, string> settings, IReadOnlyDictionary<string, string> more)
    {
        foreach (var (key, value) in more)
        {
            settings[key] = value;
        }
    }

    private static void Merge(Dictionary<string, string> settings, string key, string? value)
    {
        if (value is not null)
        {
            settings[key] = value;
        }
    }
}

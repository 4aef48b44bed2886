using SchemaStream.Registry.Core.DataContracts;
using SchemaStream.Registry.Core.Records;
using SchemaStream.Registry.Core.State;

namespace SchemaStream.Registry.Core.Commands;

/// <summary>Changes a configuration; a null subject means the registry's own. Replies the merged one.</summary>
public sealed record UpdateConfig(Subject? Subject, SubjectConfigUpdate Update) : IRegistryCommand<SubjectConfig>
{
    public Decision<SubjectConfig> Decide(RegistryImage image, RegistryRules rules, DateTimeOffset now)
    {
        if ((SettingRules.Check(image, Subject) ?? CheckContents(rules.Settings)) is { } refusal)
        {
            return refusal;
        }

        var old = Subject is { } subject ? image.Subject(subject).Config : image.GlobalConfig;
        var merged = Update.ApplyTo(old ?? SubjectConfig.Nothing);
        return new(merged, merged == old ? [] : [new ConfigRecord(Subject, merged)]);
    }

    private RegistryError? CheckContents(RegistrySettings settings) =>
        DataContractRules.Check(settings, Update.DefaultMetadata.Value, Update.DefaultRuleSet.Value)
        ?? DataContractRules.Check(settings, Update.OverrideMetadata.Value, Update.OverrideRuleSet.Value);
}

/// <summary>Forgets a configuration. Replies what it was.</summary>
public sealed record DeleteConfig(Subject? Subject) : IRegistryCommand<SubjectConfig>
{
    public Decision<SubjectConfig> Decide(RegistryImage image, RegistryRules rules, DateTimeOffset now)
    {
        if (SettingRules.Check(image, Subject) is { } refusal)
        {
            return refusal;
        }

        if (Subject is { } subject)
        {
            return image.OwnConfig(subject, rules.Settings) is { } own
                ? new Decision<SubjectConfig>(
                    own, image.Subject(subject).Config is null ? [] : [new ConfigRecord(subject, null)])
                : RegistryError.NothingOwn(subject, "configuration");
        }

        var global = image.GlobalConfig;
        var shown = (global ?? SubjectConfig.Nothing).WithLevel(rules.Settings);
        return new(shown, global is null ? [] : [new ConfigRecord(null, null)]);
    }
}

/// <summary>Who may set what.</summary>
internal static class SettingRules
{
    public static RegistryError? Check(RegistryImage image, Subject? subject)
    {
        if (CheckName(subject) is { } fault)
        {
            return fault;
        }

        var mode = image.ModeInForce(subject ?? default);
        return mode.IsReadOnly()
            ? RegistryError.NotPermitted(
                $"{(subject is { } s ? $"Subject '{s}'" : "The registry")} is in mode {RegistryNames.NameOf(mode)}.")
            : null;
    }

    /// <summary>The name that stands for everyone may hold settings though it may not hold schemas.</summary>
    public static RegistryError? CheckName(Subject? subject) =>
        subject is { Context: ".__GLOBAL", Name: "" } ? null : subject?.Fault();
}

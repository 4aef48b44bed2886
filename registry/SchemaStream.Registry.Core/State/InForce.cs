namespace SchemaStream.Registry.Core.State;

/// <summary>What holds for a subject: its own setting, else its context's, else everyone's.</summary>
public static class InForce
{
    private static readonly Subject Everyone = Subject.Parse(":.__GLOBAL:");

    /// <summary>The configuration in force, without gaps in what the rules ask for.</summary>
    /// <remarks>
    /// A subject with settings of its own takes some that it lacks from <c>/config</c>, even if it is in a context that
    /// has settings; a level that it lacks from the server's default; metadata, rules and an alias from nowhere.
    /// </remarks>
    public static SubjectConfig ConfigInForce(this RegistryImage image, Subject subject, RegistrySettings settings)
    {
        var config = image.Subject(subject).Config is { } own
            ? image.GlobalConfig is { } global ? Completed(own, global) : own
            : image.ContextConfig(subject) ?? image.Subject(Everyone).Config ?? SubjectConfig.Nothing;
        return config.WithLevel(settings);
    }

    /// <summary>What was set for a subject or a context itself; the name for everyone always has a level.</summary>
    public static SubjectConfig? OwnConfig(this RegistryImage image, Subject subject, RegistrySettings settings) =>
        (image.Subject(subject).Config ?? (subject == Everyone ? SubjectConfig.Nothing : null))?.WithLevel(settings);

    /// <summary>The configuration that holds where nothing narrower was set.</summary>
    public static SubjectConfig GlobalConfigInForce(this RegistryImage image, RegistrySettings settings) =>
        (image.GlobalConfig ?? image.Subject(Everyone).Config ?? SubjectConfig.Nothing).WithLevel(settings);

    /// <summary>A configuration as clients are shown it: there is always a level.</summary>
    public static SubjectConfig WithLevel(this SubjectConfig config, RegistrySettings settings) =>
        config.CompatibilityLevel is null ? config with { CompatibilityLevel = settings.DefaultCompatibility } : config;

    public static CompatibilityLevel LevelInForce(this RegistryImage image, Subject subject, RegistrySettings settings) =>
        image.ConfigInForce(subject, settings).CompatibilityLevel!.Value;

    public static RegistryMode ModeInForce(this RegistryImage image, Subject subject) =>
        image.Subject(subject).Mode
        ?? image.Subject(subject.WholeContext).Mode
        ?? (subject.IsInDefaultContext ? image.GlobalMode : null)
        ?? image.Subject(Everyone).Mode
        ?? RegistryMode.ReadWrite;

    /// <summary>What was set here itself; the registry, and the name for everyone, always have a mode.</summary>
    public static RegistryMode? OwnMode(this RegistryImage image, Subject? scope) =>
        scope is { } subject
            ? image.Subject(subject).Mode ?? (IsEveryone(subject) ? RegistryMode.ReadWrite : null)
            : image.GlobalMode ?? RegistryMode.ReadWrite;

    /// <summary>Whether a name stands for every context at once.</summary>
    public static bool IsEveryone(Subject? subject) => subject is { Context: ".__GLOBAL", Name: "" };

    public static bool IsReadOnly(this RegistryMode mode) => mode is RegistryMode.ReadOnly or RegistryMode.ReadOnlyOverride;

    public static bool TakesIds(this RegistryMode mode) => mode is RegistryMode.Import or RegistryMode.Forward;

    private static SubjectConfig Completed(SubjectConfig own, SubjectConfig global) => own with
    {
        Normalize = own.Normalize ?? global.Normalize,
        ValidateFields = own.ValidateFields ?? global.ValidateFields,
        ValidateNewSchemas = own.ValidateNewSchemas ?? global.ValidateNewSchemas,
        ValidateRules = own.ValidateRules ?? global.ValidateRules,
        CompatibilityPolicy = own.CompatibilityPolicy ?? global.CompatibilityPolicy,
        CompatibilityGroup = own.CompatibilityGroup ?? global.CompatibilityGroup,
    };

    private static SubjectConfig? ContextConfig(this RegistryImage image, Subject subject) =>
        image.Subject(subject.WholeContext).Config ?? (subject.IsInDefaultContext ? image.GlobalConfig : null);
}

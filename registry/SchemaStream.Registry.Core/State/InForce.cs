namespace SchemaStream.Registry.Core.State;

/// <summary>What holds for a subject: its own setting, else its context's, else everyone's.</summary>
public static class InForce
{
    private static readonly Subject Everyone = Subject.Parse(":.__GLOBAL:");

    /// <summary>The configuration in force, without gaps in what the rules ask for.</summary>
    public static SubjectConfig ConfigInForce(this RegistryImage image, Subject subject, RegistrySettings settings)
    {
        var shared = image.ContextConfig(subject)
            ?? image.Subject(Everyone).Config
            ?? SubjectConfig.Nothing;
        var config = image.Subject(subject).Config is { } own
            // A subject with settings of its own takes a missing level from the server's default, not from /config.
            ? own with
            {
                Normalize = own.Normalize ?? shared.Normalize,
                ValidateNewSchemas = own.ValidateNewSchemas ?? shared.ValidateNewSchemas,
            }
            : shared;
        return config with { CompatibilityLevel = config.CompatibilityLevel ?? settings.DefaultCompatibility };
    }

    public static CompatibilityLevel LevelInForce(this RegistryImage image, Subject subject, RegistrySettings settings) =>
        image.ConfigInForce(subject, settings).CompatibilityLevel!.Value;

    public static RegistryMode ModeInForce(this RegistryImage image, Subject subject) =>
        image.Subject(subject).Mode
        ?? image.Subject(subject.WholeContext).Mode
        ?? (subject.IsInDefaultContext ? image.GlobalMode : null)
        ?? image.Subject(Everyone).Mode
        ?? RegistryMode.ReadWrite;

    public static bool IsReadOnly(this RegistryMode mode) => mode is RegistryMode.ReadOnly or RegistryMode.ReadOnlyOverride;

    public static bool TakesIds(this RegistryMode mode) => mode is RegistryMode.Import or RegistryMode.Forward;

    private static SubjectConfig? ContextConfig(this RegistryImage image, Subject subject) =>
        image.Subject(subject.WholeContext).Config ?? (subject.IsInDefaultContext ? image.GlobalConfig : null);
}

namespace SchemaStream.Registry.Core;

/// <summary>What a subject, a context or the whole registry lets happen.</summary>
public enum RegistryMode
{
    ReadWrite = 0,
    ReadOnly = 1,

    /// <summary>Deprecated by Confluent and identical to <see cref="ReadOnly"/>; the name is kept as it was set.</summary>
    ReadOnlyOverride = 2,

    /// <summary>Schemas come with their ids, from another registry.</summary>
    Import = 3,

    /// <summary>As import, for the whole registry only.</summary>
    Forward = 4,
}

/// <summary>Confluent's names of modes and levels.</summary>
public static class RegistryNames
{
    private static readonly (RegistryMode Mode, string Name)[] Modes =
    [
        (RegistryMode.ReadWrite, "READWRITE"),
        (RegistryMode.ReadOnly, "READONLY"),
        (RegistryMode.ReadOnlyOverride, "READONLY_OVERRIDE"),
        (RegistryMode.Import, "IMPORT"),
        (RegistryMode.Forward, "FORWARD"),
    ];

    private static readonly (CompatibilityLevel Level, string Name)[] Levels =
    [
        (CompatibilityLevel.None, "NONE"),
        (CompatibilityLevel.Backward, "BACKWARD"),
        (CompatibilityLevel.BackwardTransitive, "BACKWARD_TRANSITIVE"),
        (CompatibilityLevel.Forward, "FORWARD"),
        (CompatibilityLevel.ForwardTransitive, "FORWARD_TRANSITIVE"),
        (CompatibilityLevel.Full, "FULL"),
        (CompatibilityLevel.FullTransitive, "FULL_TRANSITIVE"),
    ];

    public static string AllModes => string.Join(", ", Modes.Select(row => row.Name));

    public static string AllLevels => string.Join(", ", Levels.Select(row => row.Name));

    public static string NameOf(RegistryMode mode) => Modes.First(row => row.Mode == mode).Name;

    public static string NameOf(CompatibilityLevel level) => Levels.First(row => row.Level == level).Name;

    public static RegistryMode? ModeOf(string? name) =>
        Modes.Where(row => string.Equals(row.Name, name, StringComparison.OrdinalIgnoreCase))
            .Select(row => (RegistryMode?)row.Mode).FirstOrDefault();

    public static CompatibilityLevel? LevelOf(string? name) =>
        Levels.Where(row => string.Equals(row.Name, name, StringComparison.OrdinalIgnoreCase))
            .Select(row => (CompatibilityLevel?)row.Level).FirstOrDefault();
}

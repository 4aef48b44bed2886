using SchemaStream.Cli.Errors;

namespace SchemaStream.Cli.Schemas;

/// <summary>Confluent's names of the compatibility levels, and what they ask for.</summary>
internal static class CompatibilityNames
{
    private static readonly (CompatibilityLevel Level, string Name)[] Table =
    [
        (CompatibilityLevel.None, "NONE"),
        (CompatibilityLevel.Backward, "BACKWARD"),
        (CompatibilityLevel.BackwardTransitive, "BACKWARD_TRANSITIVE"),
        (CompatibilityLevel.Forward, "FORWARD"),
        (CompatibilityLevel.ForwardTransitive, "FORWARD_TRANSITIVE"),
        (CompatibilityLevel.Full, "FULL"),
        (CompatibilityLevel.FullTransitive, "FULL_TRANSITIVE"),
    ];

    public static string NameOf(CompatibilityLevel level) => Table.First(row => row.Level == level).Name;

    /// <exception cref="CliException">It is none.</exception>
    public static CompatibilityLevel Read(string name)
    {
        foreach (var row in Table)
        {
            if (row.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                return row.Level;
            }
        }

        throw ErrorCatalog.Usage.Exception($"'{name}' is no compatibility level: {string.Join(", ", Table.Select(row => row.Name))}.");
    }

    public static bool NewReadsOld(CompatibilityLevel level) => level is CompatibilityLevel.Backward
        or CompatibilityLevel.BackwardTransitive or CompatibilityLevel.Full or CompatibilityLevel.FullTransitive;

    public static bool OldReadsNew(CompatibilityLevel level) => level is CompatibilityLevel.Forward
        or CompatibilityLevel.ForwardTransitive or CompatibilityLevel.Full or CompatibilityLevel.FullTransitive;

    public static bool IsTransitive(CompatibilityLevel level) => level is CompatibilityLevel.BackwardTransitive
        or CompatibilityLevel.ForwardTransitive or CompatibilityLevel.FullTransitive;
}

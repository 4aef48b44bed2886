namespace SchemaStream.Registry.Core;

/// <summary>Settings as an administrator writes them: <c>key=value</c>, with Confluent's keys where there are any.</summary>
public static class SettingKeys
{
    public const string CompatibilityLevel = "schema.compatibility.level";
    public const string ImplicitContracts = "contracts.implicit";
    public const string ModeMutability = "mode.mutability";

    public static IReadOnlyList<string> All { get; } = [CompatibilityLevel, ImplicitContracts, ModeMutability];

    /// <summary>What a setting may be, as messages name it.</summary>
    public static string Choices(string key) => key switch
    {
        CompatibilityLevel => RegistryNames.AllLevels,
        ImplicitContracts => "enforce, record, off",
        _ => "true, false",
    };

    /// <summary>The settings with one of them changed; a bad key or value is refused with what would do.</summary>
    public static Outcome<RegistrySettings> With(this RegistrySettings settings, string key, string value) => key switch
    {
        CompatibilityLevel => RegistryNames.LevelOf(value) is { } level
            ? settings with { DefaultCompatibility = level }
            : Bad(key, value),
        ImplicitContracts => value.ToUpperInvariant() switch
        {
            "ENFORCE" => settings with { ImplicitContracts = Core.ImplicitContracts.Enforce },
            "RECORD" => settings with { ImplicitContracts = Core.ImplicitContracts.Record },
            "OFF" => settings with { ImplicitContracts = Core.ImplicitContracts.Off },
            _ => Bad(key, value),
        },
        ModeMutability => value.ToUpperInvariant() switch
        {
            "TRUE" => settings with { ModeMutability = Core.ModeMutability.Mutable },
            "FALSE" => settings with { ModeMutability = Core.ModeMutability.Immutable },
            _ => Bad(key, value),
        },
        _ => new RegistryError(422, $"The registry has no setting '{key}'. It has {string.Join(", ", All)}."),
    };

    private static RegistryError Bad(string key, string value) =>
        new(422, $"The registry's setting {key} cannot be '{value}'. It is one of {Choices(key)}.");
}

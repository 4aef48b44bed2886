using System.Collections.Immutable;

namespace SchemaStream.Registry.Core.DataContracts;

/// <summary>What clients do to messages of a schema, or demand of them. Stored and handed out here, never run.</summary>
public sealed class Rule : IEquatable<Rule>
{
    public string? Name { get; init; }

    public string? Doc { get; init; }

    public RuleKind Kind { get; init; } = RuleKind.Transform;

    public RuleMode Mode { get; init; } = RuleMode.WriteRead;

    /// <summary>Who runs it, such as <c>CEL</c>.</summary>
    public string? Type { get; init; }

    public ImmutableSortedSet<string> Tags { get; init; } = RuleSet.NoNames;

    public ImmutableSortedDictionary<string, string> Params { get; init; } = RuleSet.NoParams;

    public string? Expr { get; init; }

    public string? OnSuccess { get; init; }

    public string? OnFailure { get; init; }

    public RuleSwitch Switch { get; init; }

    public bool Equals(Rule? other) =>
        ReferenceEquals(this, other)
        || (other is not null
            && (Name, Doc, Kind, Mode, Type, Expr, OnSuccess, OnFailure, Switch) == (other.Name, other.Doc, other.Kind,
                other.Mode, other.Type, other.Expr, other.OnSuccess, other.OnFailure, other.Switch)
            && Tags.SequenceEqual(other.Tags, StringComparer.Ordinal)
            && Params.SequenceEqual(other.Params));

    public override bool Equals(object? obj) => Equals(obj as Rule);

    public override int GetHashCode() => HashCode.Combine(Name, Kind, Mode, Type, Expr);
}

/// <summary>What a rule does with a message.</summary>
public enum RuleKind
{
    /// <summary>Makes another of it.</summary>
    Transform = 0,

    /// <summary>Says whether it will do.</summary>
    Condition = 1,
}

/// <summary>When a rule is run: the first three between versions, the others when a message is written or read.</summary>
public enum RuleMode
{
    Upgrade = 0,
    Downgrade = 1,

    /// <summary>Both of the above.</summary>
    UpDown = 2,
    Write = 3,
    Read = 4,

    /// <summary>Both of the above.</summary>
    WriteRead = 5,
}

/// <summary>Whether a rule counts.</summary>
public enum RuleSwitch
{
    On = 0,

    /// <summary><c>disabled: true</c>.</summary>
    Off = 1,
}

/// <summary>Confluent's names of a rule's kinds and modes, and of the places where rules are run.</summary>
public static class RuleNames
{
    public static string NameOf(RuleKind kind) => kind == RuleKind.Condition ? "CONDITION" : "TRANSFORM";

    public static string NameOf(RuleMode mode) => mode switch
    {
        RuleMode.Upgrade => "UPGRADE",
        RuleMode.Downgrade => "DOWNGRADE",
        RuleMode.UpDown => "UPDOWN",
        RuleMode.Write => "WRITE",
        RuleMode.Read => "READ",
        _ => "WRITEREAD",
    };

    public static string NameOf(RuleEnvironment environment) => environment switch
    {
        RuleEnvironment.All => "ALL",
        RuleEnvironment.Client => "CLIENT",
        RuleEnvironment.Gateway => "GATEWAY",
        RuleEnvironment.Server => "SERVER",
        _ => "NONE",
    };

    public static RuleKind? KindOf(string name) => Find<RuleKind>(name, NameOf);

    public static RuleMode? ModeOf(string name) => Find<RuleMode>(name, NameOf);

    public static RuleEnvironment? EnvironmentOf(string name) => Find<RuleEnvironment>(name, NameOf);

    private static T? Find<T>(string name, Func<T, string> nameOf)
        where T : struct, Enum
    {
        foreach (var value in Enum.GetValues<T>())
        {
            if (nameOf(value) == name)
            {
                return value;
            }
        }

        return null;
    }
}

using System.Collections.Immutable;

namespace SchemaStream.Registry.Core.DataContracts;

/// <summary>The rules that come with a schema, in the order in which they are run.</summary>
public sealed class RuleSet : IEquatable<RuleSet>
{
    internal static readonly ImmutableSortedSet<string> NoNames = ImmutableSortedSet.Create<string>(StringComparer.Ordinal);

    internal static readonly ImmutableSortedDictionary<string, string> NoParams =
        ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);

    /// <summary>Rules between versions.</summary>
    public ImmutableArray<Rule> MigrationRules { get; init; } = [];

    /// <summary>Rules of messages when they are written or read.</summary>
    public ImmutableArray<Rule> DomainRules { get; init; } = [];

    /// <summary>Rules of a message's bytes.</summary>
    public ImmutableArray<Rule> EncodingRules { get; init; } = [];

    /// <summary>Where the rules are run; null says nothing.</summary>
    public RuleEnvironment? EnableAt { get; init; }

    /// <summary>The older with the newer's rules put after it; of two with one name in one category the newer stays.</summary>
    public static RuleSet? Merge(RuleSet? older, RuleSet? newer) =>
        older is null || newer is null
            ? newer ?? older
            : new RuleSet
            {
                MigrationRules = Merge(older.MigrationRules, newer.MigrationRules),
                DomainRules = Merge(older.DomainRules, newer.DomainRules),
                EncodingRules = Merge(older.EncodingRules, newer.EncodingRules),
                EnableAt = newer.EnableAt ?? older.EnableAt,
            };

    public bool Equals(RuleSet? other) =>
        ReferenceEquals(this, other)
        || (other is not null
            && EnableAt == other.EnableAt
            && MigrationRules.SequenceEqual(other.MigrationRules)
            && DomainRules.SequenceEqual(other.DomainRules)
            && EncodingRules.SequenceEqual(other.EncodingRules));

    public override bool Equals(object? obj) => Equals(obj as RuleSet);

    public override int GetHashCode() =>
        HashCode.Combine(MigrationRules.Length, DomainRules.Length, EncodingRules.Length, EnableAt);

    private static ImmutableArray<Rule> Merge(ImmutableArray<Rule> older, ImmutableArray<Rule> newer)
    {
        if (older.IsEmpty || newer.IsEmpty)
        {
            return older.IsEmpty ? newer : older;
        }

        var replaced = newer.Select(rule => rule.Name).ToHashSet(StringComparer.Ordinal);
        return [.. older.Where(rule => !replaced.Contains(rule.Name)), .. newer];
    }
}

/// <summary>Where rules are run.</summary>
public enum RuleEnvironment
{
    All = 0,
    Client = 1,
    Gateway = 2,
    Server = 3,
    None = 4,
}

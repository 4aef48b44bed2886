using System.Collections.Frozen;
using System.Collections.Immutable;

namespace SchemaStream.Broker.Metadata.Features;

/// <summary>A feature and the levels at which this software can use it; level 0 is not to use it.</summary>
/// <param name="Name">Kafka's name.</param>
/// <param name="MinLevel">The lowest.</param>
/// <param name="MaxLevel">The highest.</param>
/// <param name="DefaultLevel">What a new cluster begins with.</param>
public sealed record FeatureDefinition(string Name, short MinLevel, short MaxLevel, short DefaultLevel);

/// <summary>The features that clients can see in ApiVersions, by Kafka's names and levels.</summary>
public static class FeatureRegistry
{
    /// <summary>Which metadata the cluster can keep. Kafka's number of its release 4.2; the lowest is that of 3.3, as there.</summary>
    public const string MetadataVersion = "metadata.version";

    /// <summary>1: consumer groups of KIP-848.</summary>
    public const string GroupVersion = "group.version";

    /// <summary>2: transactions of KIP-890, in which each one has an epoch of its own.</summary>
    public const string TransactionVersion = "transaction.version";

    /// <summary>In the order of their names.</summary>
    public static ImmutableArray<FeatureDefinition> All { get; } =
    [
        new(GroupVersion, 0, 1, 1),
        new(MetadataVersion, 7, 29, 29),
        new(TransactionVersion, 0, 2, 2),
    ];

    private static readonly FrozenDictionary<string, FeatureDefinition> ByName =
        All.ToFrozenDictionary(feature => feature.Name, StringComparer.Ordinal);

    /// <summary>Null for a feature that this software does not know.</summary>
    public static FeatureDefinition? Find(string name) => ByName.GetValueOrDefault(name);
}

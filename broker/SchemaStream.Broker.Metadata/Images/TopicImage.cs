using System.Collections.Immutable;
using SchemaStream.Broker.Metadata.Configs;

namespace SchemaStream.Broker.Metadata.Images;

/// <summary>A topic: its partitions by index, and the configs set on it.</summary>
public sealed record TopicImage
{
    public required string Name { get; init; }

    public required Guid TopicId { get; init; }

    public required ImmutableArray<PartitionRegistration> Partitions { get; init; }

    /// <summary>What was set on the topic itself; <see cref="Config"/> has what applies.</summary>
    public ImmutableSortedDictionary<string, string> ConfigOverrides { get; init; } = NoConfigs;

    /// <summary>The values that apply: the topic's own, else the broker's, else Kafka's.</summary>
    public required TopicConfig Config { get; init; }

    internal static ImmutableSortedDictionary<string, string> NoConfigs { get; } =
        ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);

    /// <summary>Null where the topic has no such partition.</summary>
    public PartitionRegistration? Partition(int partition) =>
        (uint)partition < (uint)Partitions.Length ? Partitions[partition] : null;
}

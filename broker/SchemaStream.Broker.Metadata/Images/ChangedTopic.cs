using System.Collections.Immutable;
using SchemaStream.Broker.Metadata.Configs;
using SchemaStream.Broker.Metadata.Records;

namespace SchemaStream.Broker.Metadata.Images;

/// <summary>A topic in the middle of a replay: its partitions are collected before they become an image.</summary>
internal sealed class ChangedTopic(TopicImage original)
{
    private ImmutableArray<PartitionRegistration>.Builder? _partitions;
    private ImmutableSortedDictionary<string, string>? _configs;
    private bool _hasOtherDefaults;

    public TopicImage Original { get; } = original;

    /// <summary>Whether brokers were added to partitions, or taken away.</summary>
    public bool IsAssignmentChanged { get; private set; }

    private ImmutableArray<PartitionRegistration>.Builder Partitions => _partitions ??= Original.Partitions.ToBuilder();

    public void Add(PartitionRecord record)
    {
        if (record.PartitionId != Partitions.Count)
        {
            throw MetadataReplay.Impossible($"partition {record.PartitionId} of {Original.Name} after {Partitions.Count} partitions");
        }

        IsAssignmentChanged = true;
        Partitions.Add(new PartitionRegistration
        {
            Replicas = [.. record.Replicas],
            Isr = [.. record.Isr],
            Elr = [.. record.Elr],
            LastKnownElr = [.. record.LastKnownElr],
            AddingReplicas = [.. record.AddingReplicas],
            RemovingReplicas = [.. record.RemovingReplicas],
            Leader = record.Leader,
            LeaderEpoch = record.LeaderEpoch,
            PartitionEpoch = record.PartitionEpoch,
        });
    }

    public void Change(PartitionChangeRecord record)
    {
        if ((uint)record.PartitionId >= (uint)Partitions.Count)
        {
            throw MetadataReplay.Impossible($"a change of partition {record.PartitionId} of {Original.Name}, which is not there");
        }

        var partition = Partitions[record.PartitionId];
        if (record.PartitionEpoch != partition.PartitionEpoch + 1 || record.LeaderEpoch < partition.LeaderEpoch)
        {
            throw MetadataReplay.Impossible(
                $"a change of {Original.Name}-{record.PartitionId} to epochs {record.PartitionEpoch}/{record.LeaderEpoch} "
                + $"after {partition.PartitionEpoch}/{partition.LeaderEpoch}");
        }

        IsAssignmentChanged |= record.Replicas is not null;
        Partitions[record.PartitionId] = new PartitionRegistration
        {
            Replicas = record.Replicas is null ? partition.Replicas : [.. record.Replicas],
            Isr = record.Isr is null ? partition.Isr : [.. record.Isr],
            Elr = record.Elr is null ? partition.Elr : [.. record.Elr],
            LastKnownElr = record.LastKnownElr is null ? partition.LastKnownElr : [.. record.LastKnownElr],
            AddingReplicas = record.AddingReplicas is null ? partition.AddingReplicas : [.. record.AddingReplicas],
            RemovingReplicas = record.RemovingReplicas is null ? partition.RemovingReplicas : [.. record.RemovingReplicas],
            Leader = record.Leader,
            LeaderEpoch = record.LeaderEpoch,
            PartitionEpoch = record.PartitionEpoch,
        };
    }

    public void SetConfig(string name, string? value)
    {
        _configs ??= Original.ConfigOverrides;
        _configs = value is null ? _configs.Remove(name) : _configs.SetItem(name, value);
    }

    /// <summary>What applies where the topic says nothing is something else than before, or not known yet.</summary>
    public void ResolveConfig() => _hasOtherDefaults = true;

    public TopicImage Build(TopicConfigDefaults defaults) => Original with
    {
        Partitions = _partitions?.ToImmutable() ?? Original.Partitions,
        ConfigOverrides = _configs ?? Original.ConfigOverrides,
        Config = _configs is null && !_hasOtherDefaults
            ? Original.Config
            : TopicConfig.Resolve(_configs ?? Original.ConfigOverrides, defaults),
    };
}

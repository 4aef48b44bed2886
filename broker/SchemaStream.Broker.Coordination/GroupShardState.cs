using SchemaStream.Broker.Coordination.Groups.Classic;
using SchemaStream.Broker.Coordination.Groups.Consumer;
using SchemaStream.Broker.Coordination.Offsets;
using SchemaStream.Broker.Coordination.Records;

namespace SchemaStream.Broker.Coordination;

/// <summary>
/// What the records of one <c>__consumer_offsets</c> partition add up to, and nothing else: everything that must be
/// undone when appended records turn out not to be committed lies here.
/// </summary>
internal sealed class GroupShardState
{
    private readonly Dictionary<string, GroupMetadata> _groups = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ConsumerGroup> _consumerGroups = new(StringComparer.Ordinal);
    private readonly Dictionary<string, GroupOffsets> _offsets = new(StringComparer.Ordinal);

    public IReadOnlyDictionary<string, GroupMetadata> Groups => _groups;

    public IReadOnlyDictionary<string, ConsumerGroup> ConsumerGroups => _consumerGroups;

    public IReadOnlyDictionary<string, GroupOffsets> Offsets => _offsets;

    /// <summary>The only way anything changes here.</summary>
    public void Replay(GroupRecord record)
    {
        switch (record)
        {
            case GroupMetadataRecord { Value: { } group }:
                _groups[record.GroupId] = group;
                break;
            case GroupMetadataRecord:
                _groups.Remove(record.GroupId);
                break;
            case ConsumerGroupRecord consumers:
                Replay(consumers);
                break;
            case OffsetCommitRecord { Value: { } offset } commit:
                if (!_offsets.TryGetValue(record.GroupId, out var committed))
                {
                    _offsets[record.GroupId] = committed = new GroupOffsets();
                }

                committed.Put(commit.Topic, commit.Partition, offset);
                break;
            case OffsetCommitRecord forgotten:
                if (_offsets.TryGetValue(record.GroupId, out var offsets))
                {
                    offsets.Remove(forgotten.Topic, forgotten.Partition);
                    if (offsets.IsEmpty)
                    {
                        _offsets.Remove(record.GroupId);
                    }
                }

                break;
            default:
                throw new ArgumentException($"{record.GetType().Name} is not a record of a group.", nameof(record));
        }
    }

    private void Replay(ConsumerGroupRecord record)
    {
        // Compaction may have left any of a group's records to come first.
        var group = _consumerGroups.GetValueOrDefault(record.GroupId) ?? new ConsumerGroup(record.GroupId);
        group = group.Apply(record);
        if (group.IsGone)
        {
            _consumerGroups.Remove(record.GroupId);
        }
        else
        {
            _consumerGroups[record.GroupId] = group;
        }
    }
}

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

    /// <summary>What transactions under way have committed to.</summary>
    public PendingOffsets Pending { get; } = new();

    /// <summary>A producer's transaction has ended: its marker is in the log.</summary>
    public void EndTransaction(long producerId, bool commit)
    {
        foreach (var (key, offset) in Pending.End(producerId, commit))
        {
            Put(key, offset);
        }
    }

    /// <summary>The only way anything changes here, but for the ends of transactions.</summary>
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
                var key = new OffsetKey(commit.GroupId, commit.Topic, commit.Partition);
                Pending.Supersede(key);
                Put(key, offset);
                break;
            case PendingOffsetRecord pending:
                Pending.Put(pending.ProducerId, new OffsetKey(pending.GroupId, pending.Topic, pending.Partition), pending.Value);
                break;
            case OffsetCommitRecord forgotten:
                Pending.Remove(new OffsetKey(forgotten.GroupId, forgotten.Topic, forgotten.Partition));
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

    private void Put(OffsetKey key, CommittedOffset offset)
    {
        if (!_offsets.TryGetValue(key.GroupId, out var committed))
        {
            _offsets[key.GroupId] = committed = new GroupOffsets();
        }

        committed.Put(key.Topic, key.Partition, offset);
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

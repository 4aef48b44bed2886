namespace SchemaStream;

/// <summary>Partitions that have just come to a member of a group.</summary>
/// <param name="positions">Per partition the group's committed offset, or <see cref="PartitionOffset.Unknown"/>.</param>
public sealed class PartitionsAssigned(IReadOnlyList<RecordPosition> positions)
{
    private readonly Dictionary<int, long> _starts = [];

    /// <summary>Per partition the offset that the group has committed; <see cref="PartitionOffset.Unknown"/> where it has none.</summary>
    public IReadOnlyList<RecordPosition> Positions { get; } = positions;

    /// <summary>Where reading begins, by partition, for those that <see cref="StartAt"/> has moved.</summary>
    internal IReadOnlyDictionary<int, long> Starts => _starts;

    /// <summary>Begins a partition elsewhere than at the committed offset.</summary>
    /// <param name="partition">One of these partitions.</param>
    /// <param name="offset">The offset of the first record to read, or a name of <see cref="PartitionOffset"/>.</param>
    /// <exception cref="ArgumentException">The partition is not among these.</exception>
    public void StartAt(TopicPartition partition, long offset)
    {
        if (!Positions.Any(position => position.Topic == partition.Topic && position.Partition == partition.Partition))
        {
            throw new ArgumentException($"{partition.Topic}[{partition.Partition}] has not come just now.", nameof(partition));
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(offset, PartitionOffset.Beginning);
        _starts[partition.Partition] = offset;
    }
}

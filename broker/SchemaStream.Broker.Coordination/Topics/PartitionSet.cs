using System.Collections;

namespace SchemaStream.Broker.Coordination.Topics;

/// <summary>Partitions of any topics; does not change. Two are equal when the same partitions are in them.</summary>
public sealed class PartitionSet : IEquatable<PartitionSet>, IReadOnlyCollection<TopicPartitionId>
{
    /// <summary>In order, each once: so sets are compared and combined by walking along both.</summary>
    private readonly TopicPartitionId[] _partitions;

    private PartitionSet(TopicPartitionId[] partitions)
    {
        _partitions = partitions;
    }

    public static PartitionSet Empty { get; } = new([]);

    public int Count => _partitions.Length;

    public bool IsEmpty => _partitions.Length == 0;

    /// <summary>Topic by topic, its partitions in order.</summary>
    public IEnumerable<IGrouping<Guid, int>> ByTopic =>
        _partitions.GroupBy(partition => partition.TopicId, partition => partition.Partition);

    public static PartitionSet Of(IEnumerable<TopicPartitionId> partitions)
    {
        var sorted = partitions.ToArray();
        if (sorted.Length == 0)
        {
            return Empty;
        }

        Array.Sort(sorted);
        var count = 1;
        for (var i = 1; i < sorted.Length; i++)
        {
            if (sorted[i] != sorted[count - 1])
            {
                sorted[count++] = sorted[i];
            }
        }

        return new PartitionSet(count == sorted.Length ? sorted : sorted[..count]);
    }

    public bool Contains(TopicPartitionId partition) => Array.BinarySearch(_partitions, partition) >= 0;

    public bool Overlaps(PartitionSet other)
    {
        var (smaller, larger) = Count < other.Count ? (this, other) : (other, this);
        return Array.Exists(smaller._partitions, larger.Contains);
    }

    public bool IsSubsetOf(PartitionSet other) => Count <= other.Count && Array.TrueForAll(_partitions, other.Contains);

    public PartitionSet Union(PartitionSet other) => other.IsEmpty ? this : IsEmpty ? other : Of(_partitions.Concat(other._partitions));

    public PartitionSet Intersect(PartitionSet other) => Where(other.Contains);

    public PartitionSet Except(PartitionSet other) => Where(partition => !other.Contains(partition));

    /// <summary>Those that pass; this set itself where all do.</summary>
    public PartitionSet Where(Predicate<TopicPartitionId> passes)
    {
        var left = Array.FindAll(_partitions, passes);
        return left.Length == Count ? this : left.Length == 0 ? Empty : new PartitionSet(left);
    }

    public bool Equals(PartitionSet? other) =>
        other is not null && (ReferenceEquals(this, other) || _partitions.AsSpan().SequenceEqual(other._partitions));

    public override bool Equals(object? obj) => Equals(obj as PartitionSet);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (var partition in _partitions)
        {
            hash.Add(partition);
        }

        return hash.ToHashCode();
    }

    public IEnumerator<TopicPartitionId> GetEnumerator() => ((IEnumerable<TopicPartitionId>)_partitions).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public override string ToString() => string.Join(' ', _partitions.Select(partition => $"{partition.TopicId:N}/{partition.Partition}"));
}

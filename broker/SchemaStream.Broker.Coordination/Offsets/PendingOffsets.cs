namespace SchemaStream.Broker.Coordination.Offsets;

/// <summary>
/// Offsets that transactions have committed to and not ended yet: kept apart until the marker says what becomes of them.
/// A commit outside of transactions, or of one that ended, that came later in the log wins over an earlier pending one, as
/// though the pending one had counted from where it stands in the log; the partition stays unstable until the marker.
/// </summary>
internal sealed class PendingOffsets
{
    private readonly Dictionary<long, Dictionary<OffsetKey, PendingOffset>> _byProducer = [];
    private readonly Dictionary<OffsetKey, HashSet<long>> _open = [];
    private readonly Dictionary<string, HashSet<OffsetKey>> _byGroup = new(StringComparer.Ordinal);
    private long _order;

    public bool Has(string groupId) => _byGroup.ContainsKey(groupId);

    public bool Has(string groupId, string topic, int partition) => _open.ContainsKey(new OffsetKey(groupId, topic, partition));

    /// <summary>In order of topic and partition.</summary>
    public IEnumerable<OffsetKey> Of(string groupId) => _byGroup.TryGetValue(groupId, out var keys)
        ? keys.OrderBy(key => key.Topic, StringComparer.Ordinal).ThenBy(key => key.Partition)
        : [];

    public IEnumerable<string> Groups => _byGroup.Keys;

    public void Put(long producerId, OffsetKey key, CommittedOffset offset)
    {
        Of(producerId)[key] = new PendingOffset(offset, ++_order);
        if (!_open.TryGetValue(key, out var producers))
        {
            _open[key] = producers = [];
        }

        producers.Add(producerId);
        if (!_byGroup.TryGetValue(key.GroupId, out var keys))
        {
            _byGroup[key.GroupId] = keys = [];
        }

        keys.Add(key);
    }

    /// <summary>A commit that counts: what is pending from before it will not.</summary>
    public void Supersede(OffsetKey key) => Supersede(key, long.MaxValue);

    /// <summary>The offset is deleted, and with it whatever is pending.</summary>
    public void Remove(OffsetKey key)
    {
        foreach (var producerId in _open.GetValueOrDefault(key)?.ToArray() ?? [])
        {
            Of(producerId).Remove(key);
            Close(producerId, key);
        }
    }

    /// <summary>The producer's transaction has ended. What its commit makes of the offsets; nothing where it is aborted.</summary>
    public IReadOnlyList<(OffsetKey Key, CommittedOffset Offset)> End(long producerId, bool commit)
    {
        if (!_byProducer.Remove(producerId, out var pending))
        {
            return [];
        }

        var committed = new List<(OffsetKey Key, CommittedOffset Offset)>();
        foreach (var (key, (offset, order)) in pending)
        {
            Close(producerId, key);
            if (commit && offset is not null)
            {
                Supersede(key, order);
                committed.Add((key, offset));
            }
        }

        return committed;
    }

    private Dictionary<OffsetKey, PendingOffset> Of(long producerId)
    {
        if (!_byProducer.TryGetValue(producerId, out var pending))
        {
            _byProducer[producerId] = pending = [];
        }

        return pending;
    }

    private void Supersede(OffsetKey key, long order)
    {
        foreach (var producerId in _open.GetValueOrDefault(key) ?? [])
        {
            var pending = _byProducer[producerId];
            if (pending[key] is var earlier && earlier.Order < order)
            {
                pending[key] = earlier with { Offset = null };
            }
        }
    }

    private void Close(long producerId, OffsetKey key)
    {
        var producers = _open[key];
        producers.Remove(producerId);
        if (producers.Count == 0)
        {
            _open.Remove(key);
            var keys = _byGroup[key.GroupId];
            keys.Remove(key);
            if (keys.Count == 0)
            {
                _byGroup.Remove(key.GroupId);
            }
        }
    }

    /// <param name="Offset">Null once a later commit has won.</param>
    /// <param name="Order">Its place among all that was pending.</param>
    private readonly record struct PendingOffset(CommittedOffset? Offset, long Order);
}

/// <summary>What an offset is committed for.</summary>
internal readonly record struct OffsetKey(string GroupId, string Topic, int Partition);

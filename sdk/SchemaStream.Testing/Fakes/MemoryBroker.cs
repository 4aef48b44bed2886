namespace SchemaStream.Testing.Fakes;

/// <summary>Topics, and groups with their offsets, in memory.</summary>
internal sealed class MemoryBroker(TimeProvider timeProvider)
{
    /// <summary>What a broker's <c>num.partitions</c> is, too.</summary>
    private const int DefaultPartitionCount = 1;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, MemoryTopic> _topics = new(StringComparer.Ordinal);
    private readonly Dictionary<string, MemoryGroup> _groups = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _epochs = new(StringComparer.Ordinal);
    private TaskCompletionSource _grown = NewSignal();

    /// <summary>Completes when any topic has grown since it was asked for.</summary>
    public Task Grown
    {
        get
        {
            lock (_gate)
            {
                return _grown.Task;
            }
        }
    }

    /// <summary>False when it is there already.</summary>
    public bool TryCreate(string topic, int? partitionCount)
    {
        lock (_gate)
        {
            return _topics.TryAdd(topic, new MemoryTopic(partitionCount ?? DefaultPartitionCount));
        }
    }

    public int PartitionCount(string topic)
    {
        lock (_gate)
        {
            return Topic(topic).Partitions.Length;
        }
    }

    /// <summary>Appends a record.</summary>
    /// <exception cref="DeliveryException">The topic has no such partition.</exception>
    public (int Partition, long Offset) Append(in NewRecord record)
    {
        (int, long) place;
        lock (_gate)
        {
            place = AppendNow(in record);
        }

        Wake();
        return place;
    }

    /// <summary>Appends records that are seen all at once.</summary>
    public void Append(IReadOnlyList<NewRecord> records)
    {
        lock (_gate)
        {
            foreach (var record in records)
            {
                AppendNow(in record);
            }
        }

        Wake();
    }

    /// <summary>Gives a transactional id to who asks for it; who had it before is fenced.</summary>
    /// <returns>The epoch of the new owner.</returns>
    public int TakeOver(string transactionalId)
    {
        lock (_gate)
        {
            return _epochs[transactionalId] = _epochs.GetValueOrDefault(transactionalId) + 1;
        }
    }

    public bool IsOwner(string transactionalId, int epoch)
    {
        lock (_gate)
        {
            return _epochs.GetValueOrDefault(transactionalId) == epoch;
        }
    }

    public static DeliveryException NoSuchPartition(in NewRecord record) => new(new DeliveryFailure(
        record.Topic, record.Partition ?? -1, "UNKNOWN_PARTITION", "the topic has no such partition", IsOutcomeUnknown: false));

    /// <summary>Records of a partition from an offset on.</summary>
    public void Read(string topic, int partition, long from, int most, List<MemoryRecord> into)
    {
        lock (_gate)
        {
            var log = Topic(topic).Partitions[partition];
            for (var offset = from; offset < log.Count && into.Count < most; offset++)
            {
                into.Add(log[(int)offset]);
            }
        }
    }

    public long EndOffset(string topic, int partition)
    {
        lock (_gate)
        {
            return Topic(topic).Partitions[partition].Count;
        }
    }

    /// <summary>The first record of a time or later; null when there is none.</summary>
    public long? FindOffset(string topic, int partition, long timestampMs)
    {
        lock (_gate)
        {
            return Topic(topic).Partitions[partition].Find(record => record.TimestampMs >= timestampMs)?.Offset;
        }
    }

    public MemoryGroup Group(string groupId)
    {
        lock (_gate)
        {
            if (!_groups.TryGetValue(groupId, out var group))
            {
                _groups.Add(groupId, group = new MemoryGroup(this));
            }

            return group;
        }
    }

    /// <summary>Wakes whoever waits for records: there may be reasons to look again that are no records.</summary>
    public void Wake()
    {
        TaskCompletionSource grown;
        lock (_gate)
        {
            (grown, _grown) = (_grown, NewSignal());
        }

        grown.TrySetResult();
    }

    /// <summary>Under the gate. Made when it is first used, as brokers do by default.</summary>
    private MemoryTopic Topic(string name)
    {
        if (!_topics.TryGetValue(name, out var topic))
        {
            _topics.Add(name, topic = new MemoryTopic(DefaultPartitionCount));
        }

        return topic;
    }

    /// <summary>Under the gate.</summary>
    private (int Partition, long Offset) AppendNow(in NewRecord record)
    {
        var topic = Topic(record.Topic);
        var count = topic.Partitions.Length;
        var partition = record.Partition ?? (record.Key is null ? topic.NextWithoutKey++ % count : KeyHash.PartitionOf(record.Key, count));
        if (partition >= count)
        {
            throw NoSuchPartition(in record);
        }

        var log = topic.Partitions[partition];
        var time = record.TimestampMs < 0 ? timeProvider.GetUtcNow().ToUnixTimeMilliseconds() : record.TimestampMs;
        log.Add(new MemoryRecord(log.Count, time, record.Key, record.Value, record.Headers));
        return (partition, log.Count - 1);
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}

using SchemaStream.Broker.Metadata.Brokers;
using SchemaStream.Broker.Metadata.Images;
using SchemaStream.Broker.Metadata.Partitions;
using SchemaStream.Broker.Metadata.Records;
using SchemaStream.Protocol;

namespace SchemaStream.Broker.Metadata;

/// <summary>One decision in the making: what it is decided on, and the records it leads to.</summary>
internal sealed class ControllerDraft
{
    private readonly Random _random;
    private readonly Func<int, bool> _isEligible;
    private readonly HashSet<int> _leaving = [];
    private readonly HashSet<int> _coming = [];
    private Dictionary<(Guid TopicId, int Partition), PartitionRegistration>? _changed;

    public ControllerDraft(
        MetadataImage image,
        ControllerOptions options,
        Random random,
        BrokerSessions sessions,
        ClusterUpkeep upkeep,
        long nowMs)
    {
        Image = image;
        Options = options;
        Sessions = sessions;
        Upkeep = upkeep;
        NowMs = nowMs;
        _random = random;
        _isEligible = IsEligible;
    }

    public MetadataImage Image { get; }

    public ControllerOptions Options { get; }

    public BrokerSessions Sessions { get; }

    /// <summary>Takes what this decision has no room for.</summary>
    public ClusterUpkeep Upkeep { get; }

    public long NowMs { get; }

    public List<IRecordMessage> Records { get; } = [];

    /// <summary>Whether one more change of a partition fits into this decision.</summary>
    public bool HasRoom => Records.Count < Options.MaxRecordsPerDecision;

    /// <summary>From now on this decision does not count on the broker.</summary>
    public void Leave(int brokerId)
    {
        _leaving.Add(brokerId);
        _coming.Remove(brokerId);
    }

    /// <summary>From now on this decision counts on the broker.</summary>
    public void Enter(int brokerId)
    {
        _coming.Add(brokerId);
        _leaving.Remove(brokerId);
    }

    /// <summary>Whether the broker may lead, hold new replicas and be in sync, as of this decision's records.</summary>
    public bool IsEligible(int brokerId) =>
        !_leaving.Contains(brokerId) && (_coming.Contains(brokerId) || Image.IsActive(brokerId));

    /// <summary>The partition as of this decision's records.</summary>
    public PartitionRegistration Partition(TopicImage topic, int partition) =>
        _changed is not null && _changed.TryGetValue((topic.TopicId, partition), out var changed)
            ? changed
            : topic.Partitions[partition];

    /// <summary>Makes the change, if it is one.</summary>
    /// <returns>The partition afterwards; null if nothing changes.</returns>
    public PartitionRegistration? Change(TopicImage topic, int partition, PartitionChange change)
    {
        var after = change.Build(_isEligible);
        if (after is not null)
        {
            Replace(topic, partition, after);
        }

        return after;
    }

    /// <summary>Makes a change that follows no rule but the caller's.</summary>
    public void Replace(TopicImage topic, int partition, PartitionRegistration after)
    {
        Records.Add(PartitionRecords.Changed(topic.TopicId, partition, Partition(topic, partition), after));
        (_changed ??= [])[(topic.TopicId, partition)] = after;
    }

    /// <summary>A number from 0 up to the bound, which it does not reach.</summary>
    public int Draw(int bound) => _random.Next(bound);

    /// <summary>
    /// An id as Kafka makes them: random (version 4), none of the reserved ones, and in base64 not beginning with a dash,
    /// which command lines would take for an option.
    /// </summary>
    public Guid DrawTopicId()
    {
        const int dash = 62;
        Span<byte> bytes = stackalloc byte[16];
        Guid drawn;
        do
        {
            _random.NextBytes(bytes);
            bytes[6] = (byte)((bytes[6] & 0x0f) | 0x40);
            bytes[8] = (byte)((bytes[8] & 0x3f) | 0x80);
            drawn = new Guid(bytes, bigEndian: true);
        }
        while (bytes[0] >> 2 == dash || Image.TryGetTopic(drawn, out _));

        return drawn;
    }
}

using System.Diagnostics;
using System.Globalization;

namespace SchemaStream.Transport.Native;

/// <summary>Without a group: all partitions from their beginning, and those that are added later.</summary>
internal sealed unsafe partial class NativeConsumer
{
    private const int MetadataTimeoutMs = 5000;
    private const int UnknownTopic = 3;

    /// <summary>How soon it is asked again when the brokers could not say what partitions there are.</summary>
    private static readonly TimeSpan MetadataRetry = TimeSpan.FromMilliseconds(100);

    /// <summary>How long a topic may be unknown: one that was just made is not known to all brokers at once.</summary>
    private static readonly TimeSpan UnknownTopicPatience = TimeSpan.FromSeconds(5);

    /// <summary>How often added partitions are looked for at least.</summary>
    private static readonly TimeSpan LongestLookInterval = TimeSpan.FromSeconds(30);

    private readonly TimeSpan _lookInterval;
    private readonly long _madeAt = Stopwatch.GetTimestamp();
    private long _lookedAt;
    private TimeSpan _nextLookAfter = TimeSpan.Zero;

    private static TimeSpan LookIntervalOf(IReadOnlyDictionary<string, string> settings) =>
        settings.TryGetValue("topic.metadata.refresh.interval.ms", out var text)
        && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var milliseconds) && milliseconds > 0
            ? TimeSpan.FromMilliseconds(Math.Min(milliseconds, LongestLookInterval.TotalMilliseconds))
            : LongestLookInterval;

    /// <summary>Takes the partitions that there are and that it has not yet.</summary>
    private void LookForPartitions()
    {
        if (_mode != ReadMode.WholeTopic || (_lookedAt != 0 && Stopwatch.GetElapsedTime(_lookedAt) < _nextLookAfter))
        {
            return;
        }

        var count = CountPartitions(out var error);
        _lookedAt = Stopwatch.GetTimestamp();
        _nextLookAfter = count > 0 ? _lookInterval : MetadataRetry;
        if (error == UnknownTopic && _assigned.Count == 0 && Stopwatch.GetElapsedTime(_madeAt) > UnknownTopicPatience)
        {
            throw new BrokerException(NativeClient.NameOf(error), $"The brokers have no topic '{_topic}'");
        }

        if (count > _assigned.Count)
        {
            TakePartitions(count);
        }
    }

    private int CountPartitions(out int error)
    {
        using var topic = new TopicHandle(_client, _topic, Librdkafka.TopicNew(_client, _topic, 0));
        NativeMetadata* metadata;
        error = Librdkafka.Metadata(_client, allTopics: 0, topic, &metadata, MetadataTimeoutMs);
        if (error != NativeErrors.None)
        {
            return 0;
        }

        var count = 0;
        if (metadata->TopicCount > 0)
        {
            error = metadata->Topics[0].Error;
            count = error == NativeErrors.None ? metadata->Topics[0].PartitionCount : 0;
        }

        Librdkafka.MetadataDestroy(metadata);
        return count;
    }

    private void TakePartitions(int count)
    {
        var come = new List<AssignedPartition>();
        using var added = new PartitionList(count);
        for (var partition = 0; partition < count; partition++)
        {
            if (!_assigned.ContainsKey(partition))
            {
                come.Add(new AssignedPartition(_topic, partition));
                added.Add(_topic, partition, PartitionOffset.Beginning);
            }
        }

        _ = _listener!.OnAssigned(come, _assigned.Count == 0, () => []);
        Take(_client.DangerousGetHandle(), added.Pointer, isCooperative: _assigned.Count > 0, come);
        Logger.PartitionsAssigned(_topic, come.Count, _assigned.Count);
        _whenAssigned.TrySetResult();
    }
}

using System.Collections.Concurrent;

namespace SchemaStream.Broker.Runtime.Observation;

/// <summary>What a broker's partitions count as they go. Beyond the limit, topics count together.</summary>
internal sealed class BrokerCounts(int mostTopics)
{
    private const string OtherTopics = "(other)";

    private readonly ConcurrentDictionary<string, TopicTraffic> _topics = new(StringComparer.Ordinal);
    private readonly TopicTraffic _others = new(OtherTopics);
    private long _isrShrinks;
    private long _isrExpansions;
    private long _leaderElections;
    private long _replicationReceived;
    private long _replicationSent;

    public long IsrShrinks => Interlocked.Read(ref _isrShrinks);

    public long IsrExpansions => Interlocked.Read(ref _isrExpansions);

    public long LeaderElections => Interlocked.Read(ref _leaderElections);

    public long ReplicationReceived => Interlocked.Read(ref _replicationReceived);

    public long ReplicationSent => Interlocked.Read(ref _replicationSent);

    public IEnumerable<TopicTraffic> Topics => _topics.Values.Append(_others).Where(topic => topic.Received > 0 || topic.Sent > 0);

    public TopicTraffic Of(string topic) =>
        _topics.TryGetValue(topic, out var traffic) ? traffic
        : _topics.Count >= mostTopics ? _others
        : _topics.GetOrAdd(topic, static name => new TopicTraffic(name));

    /// <summary>Topics that are gone make room for others.</summary>
    public void Forget(Func<string, bool> isGone)
    {
        foreach (var topic in _topics.Keys)
        {
            if (isGone(topic))
            {
                _topics.TryRemove(topic, out _);
            }
        }
    }

    public void IsrChanged(int before, int after)
    {
        if (after < before)
        {
            Interlocked.Increment(ref _isrShrinks);
        }
        else if (after > before)
        {
            Interlocked.Increment(ref _isrExpansions);
        }
    }

    public void Elected() => Interlocked.Increment(ref _leaderElections);

    public void Replicated(long received = 0, long sent = 0)
    {
        Interlocked.Add(ref _replicationReceived, received);
        Interlocked.Add(ref _replicationSent, sent);
    }
}

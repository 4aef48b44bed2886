using SchemaStream.Broker.Metadata.Configs;
using SchemaStream.Broker.Metadata.Images;
using SchemaStream.Broker.Replication;

namespace SchemaStream.Broker.Runtime.Replicas;

/// <summary>In which of its roles a replica is held to the rates of replication.</summary>
[Flags]
internal enum ThrottledSides
{
    None = 0,

    /// <summary>leader.replication.throttled.replicas names it.</summary>
    Leader = 1,

    /// <summary>follower.replication.throttled.replicas names it.</summary>
    Follower = 2,
}

/// <summary>Which replicas of a topic its configs throttle, and in which role.</summary>
internal sealed class TopicThrottles(TopicImage topic)
{
    private readonly ThrottledReplicas _leaders = Parse(topic, TopicConfigNames.LeaderThrottledReplicas);
    private readonly ThrottledReplicas _followers = Parse(topic, TopicConfigNames.FollowerThrottledReplicas);

    public ThrottledSides SidesOf(int partition, int brokerId) =>
        (_leaders.Contains(partition, brokerId) ? ThrottledSides.Leader : 0)
        | (_followers.Contains(partition, brokerId) ? ThrottledSides.Follower : 0);

    /// <summary>The controller has checked the text when it was set.</summary>
    private static ThrottledReplicas Parse(TopicImage topic, string config) =>
        ThrottledReplicas.TryParse(topic.ConfigOverrides.GetValueOrDefault(config), out var throttled)
            ? throttled
            : ThrottledReplicas.None;
}

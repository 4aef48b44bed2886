using SchemaStream.Broker.Runtime.Lanes;
using SchemaStream.Protocol.Messages;

namespace SchemaStream.Broker.Runtime.Replicas;

/// <summary>
/// One of the two requests that may be under way to a leader, with the objects that it is made of: they are used again for
/// the next one. Under the fetcher's gate but while it is sent.
/// </summary>
internal sealed class FetchTurn
{
    private readonly List<FetchRequest.FetchTopic> _topics = [];
    private readonly List<FetchRequest.ForgottenTopic> _forgotten = [];

    public enum Stage
    {
        Idle,

        /// <summary>Its loop was woken to ask for what is ready.</summary>
        Called,

        /// <summary>The leader has it, or is about to.</summary>
        Sent,

        /// <summary>Its answer is handed to the lanes.</summary>
        Answered,
    }

    public FetchRequest Request { get; } = new();

    public FetchResponse Response { get; } = new();

    /// <summary>Wakes the turn's loop.</summary>
    public AsyncSignal Call { get; } = new();

    public Stage At { get; set; }

    /// <summary>The partitions that were asked for.</summary>
    public List<FollowedPartition> Sent { get; } = [];

    /// <summary>Those whose answers go to their lanes.</summary>
    public List<FollowedPartition> ToAppend { get; } = [];

    public void Begin(long brokerEpoch)
    {
        Request.ReplicaState!.ReplicaEpoch = brokerEpoch;
        Request.Topics.Clear();
        Request.ForgottenTopicsData.Clear();
        Sent.Clear();
    }

    /// <summary>Partitions of a topic that come one after the other share its entry.</summary>
    public void Add(FollowedPartition partition)
    {
        var topicId = partition.Hosted.Id.TopicId;
        if (Request.Topics.Count == 0 || Request.Topics[^1].TopicId != topicId)
        {
            if (_topics.Count == Request.Topics.Count)
            {
                _topics.Add(new FetchRequest.FetchTopic());
            }

            var topic = _topics[Request.Topics.Count];
            topic.TopicId = topicId;
            topic.Partitions.Clear();
            Request.Topics.Add(topic);
        }

        Request.Topics[^1].Partitions.Add(partition.Wanted());
        Sent.Add(partition);
    }

    /// <summary>Leaves a partition out of the session.</summary>
    public void Forget(FollowedPartition partition)
    {
        var (topicId, index) = (partition.Hosted.Id.TopicId, partition.Hosted.Id.Partition);
        var topics = Request.ForgottenTopicsData;
        if (topics.Count == 0 || topics[^1].TopicId != topicId)
        {
            if (_forgotten.Count == topics.Count)
            {
                _forgotten.Add(new FetchRequest.ForgottenTopic());
            }

            var topic = _forgotten[topics.Count];
            topic.TopicId = topicId;
            topic.Partitions.Clear();
            topics.Add(topic);
        }

        topics[^1].Partitions.Add(index);
    }
}

using SchemaStream.Broker.Raft;
using SchemaStream.Broker.Runtime.Access;
using SchemaStream.Protocol;
using SchemaStream.Protocol.Messages;

namespace SchemaStream.Broker.Runtime.Quorum;

/// <content>DescribeQuorum: who is in the quorum, and how far.</content>
internal sealed partial class QuorumDriver
{
    private const string ListenerName = "CONTROLLER";

    public async ValueTask<DescribeQuorumResponse> DescribeAsync(
        DescribeQuorumRequest request, short version, QuorumRequestOrigin origin, CancellationToken cancellationToken)
    {
        if (origin == QuorumRequestOrigin.ClientListener && !_view.IsLeader
            && await ForwardAsync(request, version, cancellationToken).ConfigureAwait(false) is { } answer)
        {
            return answer;
        }

        return await AskAsync(() => Describe(request), cancellationToken).ConfigureAwait(false)
            ?? new() { ErrorCode = ErrorCode.NotLeaderOrFollower, ErrorMessage = NoLeader };
    }

    private DescribeQuorumResponse Describe(DescribeQuorumRequest request)
    {
        var response = new DescribeQuorumResponse();
        foreach (var topic in request.Topics)
        {
            response.Topics.Add(new()
            {
                TopicName = topic.TopicName,
                Partitions = [.. topic.Partitions.Select(partition => Describe(topic.TopicName, partition.PartitionIndex))],
            });
        }

        response.Nodes.AddRange(_view.Voters.Where(voter => voter.Value.Host.Length > 0).Select(voter =>
            new DescribeQuorumResponse.Node
            {
                NodeId = voter.Key,
                Listeners = [new() { Name = ListenerName, Host = voter.Value.Host, Port = (ushort)voter.Value.Port }],
            }));
        return response;
    }

    private DescribeQuorumResponse.PartitionData Describe(string topic, int partition)
    {
        if (topic != InternalTopics.ClusterMetadata || partition != 0)
        {
            return Failed(partition, ErrorCode.UnknownTopicOrPartition, "Only partition 0 of __cluster_metadata has a quorum.");
        }

        if (!_raft.IsLeader)
        {
            return Failed(partition, ErrorCode.NotLeaderOrFollower, NoLeader);
        }

        var replicas = _raft.Replicas(NowMs).ToLookup(replica => _raft.Voters.Contains(replica.Node), ToReplicaState);
        return new()
        {
            PartitionIndex = partition,
            LeaderId = _options.NodeId,
            LeaderEpoch = _raft.LeaderEpoch,
            HighWatermark = _raft.HighWatermark,
            CurrentVoters = [.. replicas[true]],
            Observers = [.. replicas[false]],
        };
    }

    private static DescribeQuorumResponse.PartitionData Failed(int partition, ErrorCode error, string message) => new()
    {
        PartitionIndex = partition,
        ErrorCode = error,
        ErrorMessage = message,
        LeaderId = -1,
    };

    private static DescribeQuorumResponse.ReplicaState ToReplicaState(ReplicaStatus replica) => new()
    {
        ReplicaId = replica.Node.Value,
        LogEndOffset = replica.LogEndOffset,
        LastFetchTimestamp = replica.LastFetchMs ?? -1,
        LastCaughtUpTimestamp = replica.LastCaughtUpMs ?? -1,
    };
}

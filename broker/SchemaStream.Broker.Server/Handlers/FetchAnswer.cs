using SchemaStream.Broker.Metadata.Images;
using SchemaStream.Broker.Runtime.Access;
using SchemaStream.Broker.Server.Dispatch;
using SchemaStream.Broker.Server.Fetches;
using SchemaStream.Protocol;
using SchemaStream.Protocol.Messages;

namespace SchemaStream.Broker.Server.Handlers;

/// <summary>What of a session's partitions an answer has.</summary>
internal enum FetchAnswerScope
{
    /// <summary>Those that have something the client was not told.</summary>
    News,

    Everything,
}

/// <summary>Puts what the partitions gave into the response. It only joins what it works on, so that a fetch costs no object.</summary>
internal readonly struct FetchAnswer(FetchResponse response, RequestContext context, sbyte isolation)
{
    public FetchResponse Response => response;

    public bool UsesTopicIds => context.ApiVersion >= FetchTopics.FirstVersionWithIds;

    /// <summary>Every partition of the request, as the results stand: in its order.</summary>
    public void TellAll(FetchRequest request, MetadataImage image, IReadOnlyList<FetchPartitionResult> results)
    {
        var next = 0;
        foreach (var topic in request.Topics)
        {
            var isKnown = FetchTopics.TryFind(image, topic.TopicId, topic.Topic, UsesTopicIds, out _);
            var answered = AddTopic(topic.TopicId, topic.Topic);
            answered.Partitions.EnsureCapacity(topic.Partitions.Count);
            foreach (var partition in topic.Partitions)
            {
                Tell(answered, partition.Partition, isKnown, results[next++]);
            }
        }

        if (response.NodeEndpoints.Count > 0)
        {
            TellNodes(image);
        }
    }

    /// <summary>Partitions of a session; those of a topic that come one after the other share its entry.</summary>
    public void Tell(FetchSession session, FetchAnswerScope scope, MetadataImage image, IReadOnlyList<FetchPartitionResult> results)
    {
        FetchResponse.FetchableTopicResponse? topic = null;
        var lastRead = -1;
        for (var i = 0; i < results.Count; i++)
        {
            var result = results[i];
            if (!session.TakeNews(i, result) && scope == FetchAnswerScope.News)
            {
                continue;
            }

            var key = session.KeyOf(i);
            if (topic is null || topic.TopicId != key.TopicId || topic.Topic != key.Topic)
            {
                topic = AddTopic(key.TopicId, key.Topic);
            }

            Tell(topic, key.Partition, session.IsKnown(i), result);
            lastRead = result.Records.Length > 0 ? i : lastRead;
        }

        if (lastRead >= 0)
        {
            session.BeginAfter(lastRead);
        }

        if (response.NodeEndpoints.Count > 0)
        {
            TellNodes(image);
        }
    }

    private FetchResponse.FetchableTopicResponse AddTopic(Guid id, string name)
    {
        var topic = response.NewFetchableTopicResponse();
        (topic.Topic, topic.TopicId) = (name, id);
        response.Responses.Add(topic);
        return topic;
    }

    private void Tell(
        FetchResponse.FetchableTopicResponse topic, int partition, bool isKnown, in FetchPartitionResult result)
    {
        var answer = response.NewPartitionData();
        topic.Partitions.Add(answer);
        answer.PartitionIndex = partition;
        if (isKnown)
        {
            Tell(answer, result);
            return;
        }

        answer.ErrorCode = UsesTopicIds ? ErrorCode.UnknownTopicId : ErrorCode.UnknownTopicOrPartition;
        answer.HighWatermark = -1;
        answer.Records = ReadOnlyMemory<byte>.Empty;
    }

    private void Tell(FetchResponse.PartitionData answer, in FetchPartitionResult result)
    {
        answer.ErrorCode = result.Error;
        answer.HighWatermark = result.HighWatermark;
        answer.LastStableOffset = result.LastStableOffset;
        answer.LogStartOffset = result.LogStartOffset;
        answer.PreferredReadReplica = result.PreferredReadReplica;
        answer.Records = result.Records;
        if (isolation == (sbyte)IsolationLevel.ReadCommitted)
        {
            TellAborted(answer, result.AbortedTransactions);
        }

        if (result.DivergingEpoch is { } diverging)
        {
            var told = answer.DivergingEpoch = response.NewEpochEndOffset();
            (told.Epoch, told.EndOffset) = (diverging.LeaderEpoch, diverging.EndOffset);
        }

        if (result.CurrentLeaderId >= 0)
        {
            answer.CurrentLeader = new() { LeaderId = result.CurrentLeaderId, LeaderEpoch = result.CurrentLeaderEpoch };
            if (context.ApiVersion >= 16 && !IsTold(result.CurrentLeaderId))
            {
                response.NodeEndpoints.Add(new() { NodeId = result.CurrentLeaderId });
            }
        }
    }

    private void TellAborted(FetchResponse.PartitionData answer, IReadOnlyList<AbortedTransaction>? transactions)
    {
        var told = answer.AbortedTransactions = response.NewAbortedTransactionList();
        for (var i = 0; i < (transactions?.Count ?? 0); i++)
        {
            var aborted = response.NewAbortedTransaction();
            (aborted.ProducerId, aborted.FirstOffset) = (transactions![i].ProducerId, transactions[i].FirstOffset);
            told.Add(aborted);
        }
    }

    /// <summary>A plain loop: a predicate would be an object for each partition, in fetches that have nothing to tell too.</summary>
    private bool IsTold(int nodeId)
    {
        foreach (var node in response.NodeEndpoints)
        {
            if (node.NodeId == nodeId)
            {
                return true;
            }
        }

        return false;
    }

    private void TellNodes(MetadataImage image)
    {
        var listenerName = context.ListenerName;
        response.NodeEndpoints.RemoveAll(node => ClusterView.Endpoint(image, node.NodeId, listenerName) is null);
        foreach (var node in response.NodeEndpoints)
        {
            var endpoint = ClusterView.Endpoint(image, node.NodeId, listenerName)!;
            (node.Host, node.Port, node.Rack) = (endpoint.Host, endpoint.Port, image.Brokers[node.NodeId].Rack);
        }
    }
}

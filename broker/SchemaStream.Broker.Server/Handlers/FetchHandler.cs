using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using SchemaStream.Broker.Metadata.Images;
using SchemaStream.Broker.Runtime.Access;
using SchemaStream.Broker.Server.Dispatch;
using SchemaStream.Broker.Server.Settings;
using SchemaStream.Protocol;
using SchemaStream.Protocol.Messages;

namespace SchemaStream.Broker.Server.Handlers;

// Fetch v4–18. Waits until min_bytes are there, a partition has an error, or max_wait_ms is over; then answers every
// partition that was asked for, in order. What was read goes to the socket as it lies in memory.
// No session is ever made (session id 0, the answer of a Kafka whose session cache is full), so every fetch is a full one;
// going on with a session is FETCH_SESSION_ID_NOT_FOUND, on which clients fall back to full fetches. Topic ids from v13.
internal sealed class FetchHandler(IMetadataAccess metadata, IPartitionAccess partitions, BrokerSettings settings)
    : ApiHandler<FetchRequest, FetchResponse>
{
    // Epochs of a request that does not go on with a session: it wants a new one, or none.
    private const int InitialEpoch = 0;
    private const int FinalEpoch = -1;

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    protected override async ValueTask<FetchResponse?> HandleAsync(FetchRequest request, RequestContext context)
    {
        if (request.SessionEpoch is not (InitialEpoch or FinalEpoch))
        {
            return new FetchResponse { ErrorCode = ErrorCode.FetchSessionIdNotFound };
        }

        // One image for question and answer, so that a topic is known in both or in neither.
        var image = metadata.Image;
        var query = Translate(request, context.ApiVersion, image);
        if (query.Partitions.Count == 0)
        {
            return Answer(request, context, image, []);
        }

        var result = await partitions.FetchAsync(query, context.Cancellation).ConfigureAwait(false);
        context.DisposeAfterSend(result);
        return Answer(request, context, image, result.Partitions);
    }

    private FetchQuery Translate(FetchRequest request, short version, MetadataImage image)
    {
        var isolation = (IsolationLevel)request.IsolationLevel;
        if (isolation is not (IsolationLevel.ReadUncommitted or IsolationLevel.ReadCommitted))
        {
            throw new ProtocolException($"IsolationLevel: expected 0 or 1, found {request.IsolationLevel}");
        }

        var wanted = new List<FetchPartition>();
        var hasUnknown = false;
        foreach (var topic in request.Topics)
        {
            if (!TryFind(image, topic, version, out var found))
            {
                hasUnknown = true;
                continue;
            }

            foreach (var partition in topic.Partitions)
            {
                wanted.Add(new FetchPartition(
                    new TopicIdPartition(found.TopicId, partition.Partition),
                    partition.FetchOffset,
                    partition.PartitionMaxBytes,
                    partition.CurrentLeaderEpoch,
                    partition.LastFetchedEpoch,
                    partition.LogStartOffset));
            }
        }

        var maxBytes = Math.Min(request.MaxBytes, settings.FetchMaxBytes);
        return new FetchQuery
        {
            Partitions = wanted,
            MinBytes = Math.Min(request.MinBytes, maxBytes),
            MaxBytes = maxBytes,
            // An error is told at once.
            MaxWait = TimeSpan.FromMilliseconds(hasUnknown ? 0 : Math.Max(0, request.MaxWaitMs)),
            Isolation = isolation,
            ReplicaId = version >= 15 ? request.ReplicaState?.ReplicaId ?? -1 : request.ReplicaId,
        };
    }

    private static bool TryFind(
        MetadataImage image, FetchRequest.FetchTopic topic, short version, [NotNullWhen(true)] out TopicImage? found) =>
        version >= 13 ? image.TryGetTopic(topic.TopicId, out found) : image.TryGetTopic(topic.Topic, out found);

    private static FetchResponse Answer(
        FetchRequest request, RequestContext context, MetadataImage image, IReadOnlyList<FetchPartitionResult> results)
    {
        var response = new FetchResponse();
        var next = 0;
        foreach (var topic in request.Topics)
        {
            var isKnown = TryFind(image, topic, context.ApiVersion, out _);
            var answered = new FetchResponse.FetchableTopicResponse { Topic = topic.Topic, TopicId = topic.TopicId };
            answered.Partitions.Capacity = topic.Partitions.Count;
            response.Responses.Add(answered);
            foreach (var partition in topic.Partitions)
            {
                answered.Partitions.Add(isKnown
                    ? Answer(response, results[next++], request.IsolationLevel, context)
                    : Unknown(partition.Partition, context.ApiVersion));
            }
        }

        if (response.NodeEndpoints.Count > 0)
        {
            TellNodes(response, image, context.ListenerName);
        }

        return response;
    }

    private static FetchResponse.PartitionData Unknown(int index, short version) => new()
    {
        PartitionIndex = index,
        ErrorCode = version >= 13 ? ErrorCode.UnknownTopicId : ErrorCode.UnknownTopicOrPartition,
        HighWatermark = -1,
        Records = ReadOnlyMemory<byte>.Empty,
    };

    private static FetchResponse.PartitionData Answer(
        FetchResponse response, in FetchPartitionResult result, sbyte isolation, RequestContext context)
    {
        var answer = new FetchResponse.PartitionData
        {
            PartitionIndex = result.Partition.Partition,
            ErrorCode = result.Error,
            HighWatermark = result.HighWatermark,
            LastStableOffset = result.LastStableOffset,
            LogStartOffset = result.LogStartOffset,
            Records = result.Records,
            AbortedTransactions = isolation == (sbyte)IsolationLevel.ReadCommitted ? [] : null,
        };
        foreach (var aborted in result.AbortedTransactions ?? [])
        {
            answer.AbortedTransactions?.Add(new() { ProducerId = aborted.ProducerId, FirstOffset = aborted.FirstOffset });
        }

        if (result.DivergingEpoch is { } diverging)
        {
            answer.DivergingEpoch = new() { Epoch = diverging.LeaderEpoch, EndOffset = diverging.EndOffset };
        }

        if (result.CurrentLeaderId >= 0)
        {
            answer.CurrentLeader = new() { LeaderId = result.CurrentLeaderId, LeaderEpoch = result.CurrentLeaderEpoch };
            if (context.ApiVersion >= 16 && !response.NodeEndpoints.Exists(node => node.NodeId == answer.CurrentLeader.LeaderId))
            {
                response.NodeEndpoints.Add(new() { NodeId = result.CurrentLeaderId });
            }
        }

        return answer;
    }

    private static void TellNodes(FetchResponse response, MetadataImage image, string listenerName)
    {
        response.NodeEndpoints.RemoveAll(node => ClusterView.Endpoint(image, node.NodeId, listenerName) is null);
        foreach (var node in response.NodeEndpoints)
        {
            var endpoint = ClusterView.Endpoint(image, node.NodeId, listenerName)!;
            (node.Host, node.Port, node.Rack) = (endpoint.Host, endpoint.Port, image.Brokers[node.NodeId].Rack);
        }
    }
}

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

    private readonly FetchWorkPool _works = new();

    public override bool ReusesMessages => true;

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    protected override async ValueTask<FetchResponse?> HandleAsync(FetchRequest request, RequestContext context)
    {
        var response = NewResponse();
        if (request.SessionEpoch is not (InitialEpoch or FinalEpoch))
        {
            response.ErrorCode = ErrorCode.FetchSessionIdNotFound;
            return response;
        }

        // One image for question and answer, so that a topic is known in both or in neither.
        var image = metadata.Image;
        var work = _works.Rent();
        context.DisposeAfterSend(work);
        Translate(request, context.ApiVersion, image, work);
        if (work.Wanted.Count == 0)
        {
            Answer(response, request, context, image, []);
            return response;
        }

        // A follower that has something else to ask for meanwhile asks behind its waiting fetch. A consumer's wait is not
        // cut short: one that always has two fetches under way would never wait.
        var until = work.Query.ReplicaId >= 0 ? context.CancellationOrNextRequest : context.Cancellation;
        var result = await partitions.FetchAsync(work.Query, until).ConfigureAwait(false);
        work.Keep(result);
        Answer(response, request, context, image, result.Partitions);
        return response;
    }

    private void Translate(FetchRequest request, short version, MetadataImage image, FetchWork work)
    {
        var isolation = (IsolationLevel)request.IsolationLevel;
        if (isolation is not (IsolationLevel.ReadUncommitted or IsolationLevel.ReadCommitted))
        {
            throw new ProtocolException($"IsolationLevel: expected 0 or 1, found {request.IsolationLevel}");
        }

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
                work.Wanted.Add(new FetchPartition(
                    new TopicIdPartition(found.TopicId, partition.Partition),
                    partition.FetchOffset,
                    partition.PartitionMaxBytes,
                    partition.CurrentLeaderEpoch,
                    partition.LastFetchedEpoch,
                    partition.LogStartOffset,
                    partition.HighWatermark));
            }
        }

        var maxBytes = Math.Min(request.MaxBytes, settings.FetchMaxBytes);
        var query = work.Query;
        query.MinBytes = Math.Min(request.MinBytes, maxBytes);
        query.MaxBytes = maxBytes;

        // An error is told at once.
        query.MaxWait = TimeSpan.FromMilliseconds(hasUnknown ? 0 : Math.Max(0, request.MaxWaitMs));
        query.Isolation = isolation;
        query.ReplicaId = version >= 15 ? request.ReplicaState?.ReplicaId ?? -1 : request.ReplicaId;
        query.ReplicaEpoch = request.ReplicaState?.ReplicaEpoch ?? -1;
        query.ClientRack = request.RackId;
    }

    private static bool TryFind(
        MetadataImage image, FetchRequest.FetchTopic topic, short version, [NotNullWhen(true)] out TopicImage? found) =>
        version >= 13 ? image.TryGetTopic(topic.TopicId, out found) : image.TryGetTopic(topic.Topic, out found);

    private static void Answer(
        FetchResponse response,
        FetchRequest request,
        RequestContext context,
        MetadataImage image,
        IReadOnlyList<FetchPartitionResult> results)
    {
        var next = 0;
        foreach (var topic in request.Topics)
        {
            var isKnown = TryFind(image, topic, context.ApiVersion, out _);
            var answered = response.NewFetchableTopicResponse();
            (answered.Topic, answered.TopicId) = (topic.Topic, topic.TopicId);
            answered.Partitions.EnsureCapacity(topic.Partitions.Count);
            response.Responses.Add(answered);
            foreach (var partition in topic.Partitions)
            {
                var answer = response.NewPartitionData();
                answered.Partitions.Add(answer);
                if (isKnown)
                {
                    Answer(response, answer, results[next++], request.IsolationLevel, context);
                }
                else
                {
                    TellUnknown(answer, partition.Partition, context.ApiVersion);
                }
            }
        }

        if (response.NodeEndpoints.Count > 0)
        {
            TellNodes(response, image, context.ListenerName);
        }
    }

    private static void TellUnknown(FetchResponse.PartitionData answer, int index, short version)
    {
        answer.PartitionIndex = index;
        answer.ErrorCode = version >= 13 ? ErrorCode.UnknownTopicId : ErrorCode.UnknownTopicOrPartition;
        answer.HighWatermark = -1;
        answer.Records = ReadOnlyMemory<byte>.Empty;
    }

    private static void Answer(
        FetchResponse response,
        FetchResponse.PartitionData answer,
        in FetchPartitionResult result,
        sbyte isolation,
        RequestContext context)
    {
        answer.PartitionIndex = result.Partition.Partition;
        answer.ErrorCode = result.Error;
        answer.HighWatermark = result.HighWatermark;
        answer.LastStableOffset = result.LastStableOffset;
        answer.LogStartOffset = result.LogStartOffset;
        answer.PreferredReadReplica = result.PreferredReadReplica;
        answer.Records = result.Records;
        if (isolation == (sbyte)IsolationLevel.ReadCommitted)
        {
            TellAborted(response, answer, result.AbortedTransactions);
        }

        if (result.DivergingEpoch is { } diverging)
        {
            var told = answer.DivergingEpoch = response.NewEpochEndOffset();
            (told.Epoch, told.EndOffset) = (diverging.LeaderEpoch, diverging.EndOffset);
        }

        if (result.CurrentLeaderId >= 0)
        {
            answer.CurrentLeader = new() { LeaderId = result.CurrentLeaderId, LeaderEpoch = result.CurrentLeaderEpoch };
            if (context.ApiVersion >= 16 && !IsTold(response, result.CurrentLeaderId))
            {
                response.NodeEndpoints.Add(new() { NodeId = result.CurrentLeaderId });
            }
        }
    }

    private static void TellAborted(
        FetchResponse response, FetchResponse.PartitionData answer, IReadOnlyList<AbortedTransaction>? transactions)
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
    private static bool IsTold(FetchResponse response, int nodeId)
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

using System.Runtime.CompilerServices;
using SchemaStream.Broker.Metadata.Images;
using SchemaStream.Broker.Runtime.Access;
using SchemaStream.Broker.Server.Dispatch;
using SchemaStream.Broker.Server.Fetches;
using SchemaStream.Broker.Server.Quotas;
using SchemaStream.Broker.Server.Settings;
using SchemaStream.Protocol;
using SchemaStream.Protocol.Messages;

namespace SchemaStream.Broker.Server.Handlers;

// Fetch v4–18. Waits until min_bytes are there, a partition has an error, or max_wait_ms is over; then answers every
// partition that was asked for, in order, or within a session (v7) those that have news. What was read goes to the socket
// as it lies in memory. Topic ids from v13.
internal sealed class FetchHandler(
    IMetadataAccess metadata, IPartitionAccess partitions, BrokerSettings settings, FetchSessionCache sessions)
    : ApiHandler<FetchRequest, FetchResponse>
{
    private readonly FetchWorkPool _works = new();

    public override bool ReusesMessages => true;

    internal FetchSessionCache Sessions => sessions;

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    protected override async ValueTask<FetchResponse?> HandleAsync(FetchRequest request, RequestContext context)
    {
        if ((IsolationLevel)request.IsolationLevel is not (IsolationLevel.ReadUncommitted or IsolationLevel.ReadCommitted))
        {
            throw new ProtocolException($"IsolationLevel: expected 0 or 1, found {request.IsolationLevel}");
        }

        var answer = new FetchAnswer(NewResponse(), context, request.IsolationLevel);
        FetchSession? session = null;
        if (request.SessionEpoch is not (FetchSessionCache.InitialEpoch or FetchSessionCache.FinalEpoch))
        {
            answer.Response.ErrorCode =
                sessions.Continue(request.SessionId, request.SessionEpoch, answer.UsesTopicIds, out session);
            if (session is null)
            {
                return answer.Response;
            }
        }
        else if (request.SessionId != 0)
        {
            sessions.Remove(request.SessionId);
        }

        // One image for question and answer, so that a topic is known in both or in neither.
        var image = metadata.Image;
        var work = _works.Rent();
        context.DisposeAfterSend(work);
        if (session is null)
        {
            var result = await FetchAsync(Translate(request, answer.UsesTopicIds, image, work), request, context, work).ConfigureAwait(false);
            answer.TellAll(request, image, result);
            Begin(request, image, result, work.Query, answer);
            return answer.Response;
        }

        try
        {
            session.Update(request, image);
            var goesOn = sessions.TryResize(session);
            var result = await FetchAsync(session, request, context, work).ConfigureAwait(false);
            answer.Response.SessionId = goesOn ? session.Id : 0;
            answer.Tell(session, goesOn ? FetchAnswerScope.News : FetchAnswerScope.Everything, image, result);
            return answer.Response;
        }
        finally
        {
            sessions.Release(session);
        }
    }

    private ValueTask<IReadOnlyList<FetchPartitionResult>> FetchAsync(
        IReadOnlyList<FetchPartition> wanted, FetchRequest request, RequestContext context, FetchWork work)
    {
        if (wanted.Count == 0)
        {
            return new(Array.Empty<FetchPartitionResult>());
        }

        var query = work.Query;
        query.ReplicaId = context.ApiVersion >= 15 ? request.ReplicaState?.ReplicaId ?? -1 : request.ReplicaId;
        context.IsExemptFromQuotas = query.ReplicaId >= 0;
        var maxBytes = context.BoundFetch(Math.Min(request.MaxBytes, settings.FetchMaxBytes));
        query.Partitions = wanted;
        query.MinBytes = Math.Min(request.MinBytes, maxBytes);
        query.MaxBytes = maxBytes;
        query.MaxWait = TimeSpan.FromMilliseconds(Math.Max(0, request.MaxWaitMs));
        query.Isolation = (IsolationLevel)request.IsolationLevel;
        query.ReplicaEpoch = request.ReplicaState?.ReplicaEpoch ?? -1;
        query.ClientRack = request.RackId;

        // A follower that has something else to ask for meanwhile asks behind its waiting fetch. A consumer's wait is not
        // cut short: one that always has two fetches under way would never wait.
        var until = query.ReplicaId >= 0 ? context.CancellationOrNextRequest : context.Cancellation;
        return ReadAsync(work, context, until);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<IReadOnlyList<FetchPartitionResult>> ReadAsync(FetchWork work, RequestContext context, CancellationToken until)
    {
        var result = await partitions.FetchAsync(work.Query, until).ConfigureAwait(false);
        work.Keep(result);
        context.ThrottleFetch(result.Partitions);
        return result.Partitions;
    }

    /// <summary>Topics that are not known are asked for too: the partitions answer at once that they are not there.</summary>
    private static List<FetchPartition> Translate(FetchRequest request, bool usesTopicIds, MetadataImage image, FetchWork work)
    {
        foreach (var topic in request.Topics)
        {
            FetchTopics.TryFind(image, topic.TopicId, topic.Topic, usesTopicIds, out var found);
            foreach (var partition in topic.Partitions)
            {
                work.Wanted.Add(FetchTopics.Wanted(found?.TopicId ?? topic.TopicId, partition));
            }
        }

        return work.Wanted;
    }

    /// <summary>A client that asks for a session gets one if there is room.</summary>
    private void Begin(
        FetchRequest request, MetadataImage image, IReadOnlyList<FetchPartitionResult> result, FetchQuery query, FetchAnswer answer)
    {
        if (request.SessionEpoch != FetchSessionCache.InitialEpoch)
        {
            return;
        }

        // A client that only says it is a follower is none.
        var isFollower = query.ReplicaId >= 0
            && image.Brokers.TryGetValue(query.ReplicaId, out var broker)
            && broker.BrokerEpoch == query.ReplicaEpoch;
        if (sessions.HasRoomFor(isFollower, result.Count))
        {
            answer.Response.SessionId = sessions.Add(
                FetchSession.After(request, result, image, isFollower, answer.UsesTopicIds));
        }
    }
}

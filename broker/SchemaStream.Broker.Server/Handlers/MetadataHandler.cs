using SchemaStream.Broker.Metadata.Commands;
using SchemaStream.Broker.Metadata.Images;
using SchemaStream.Broker.Runtime.Access;
using SchemaStream.Broker.Server.Dispatch;
using SchemaStream.Broker.Server.Settings;
using SchemaStream.Protocol;
using SchemaStream.Protocol.Messages;

namespace SchemaStream.Broker.Server.Handlers;

// Metadata v0–13. Unknown topics are created where both the broker (auto.create.topics.enable) and the request allow it,
// and then answered with their leaders at once: the controller's reply comes when the partitions are ready.
// Errors are per topic and partition: LEADER_NOT_AVAILABLE, from v6 LISTENER_NOT_FOUND where the leader has no such listener, and
// in v0 REPLICA_NOT_AVAILABLE, for only later versions have offline replicas. From v10 topics have ids, from v12 they can be asked for by id.
internal sealed class MetadataHandler(IMetadataAccess metadata, BrokerSettings settings)
    : ApiHandler<MetadataRequest, MetadataResponse>
{
    protected override async ValueTask<MetadataResponse?> HandleAsync(MetadataRequest request, RequestContext context)
    {
        var refusals = await CreateMissingAsync(request, context).ConfigureAwait(false);
        var image = metadata.Image;
        var response = new MetadataResponse
        {
            ClusterId = image.ClusterId,
            ControllerId = ClusterView.ControllerId(metadata, image),
            ClusterAuthorizedOperations =
                request.IncludeClusterAuthorizedOperations ? AuthorizedOperations.OfCluster : AuthorizedOperations.NotAsked,
        };
        AddBrokers(response, image, context.ListenerName);
        if (IsAllTopics(request, context.ApiVersion))
        {
            foreach (var topic in image.TopicsByName.Values)
            {
                response.Topics.Add(Describe(topic, image, context));
            }
        }
        else
        {
            foreach (var asked in request.Topics!)
            {
                response.Topics.Add(Answer(asked, image, refusals, context));
            }
        }

        if (request.IncludeTopicAuthorizedOperations)
        {
            response.Topics.ForEach(static topic =>
                topic.TopicAuthorizedOperations = topic.ErrorCode == ErrorCode.None ? AuthorizedOperations.OfTopic : AuthorizedOperations.NotAsked);
        }

        return response;
    }

    /// <summary>v0 had no other way to say "all" than an empty list.</summary>
    private static bool IsAllTopics(MetadataRequest request, short version) =>
        request.Topics is null || (version == 0 && request.Topics.Count == 0);

    /// <summary>Creates what is missing and may be created; gives the error of each topic that could not be.</summary>
    private async ValueTask<Dictionary<string, ErrorCode>?> CreateMissingAsync(MetadataRequest request, RequestContext context)
    {
        var isAllowed = settings.AutoCreateTopicsEnable && (context.ApiVersion < 4 || request.AllowAutoTopicCreation);
        if (!isAllowed || request.Topics is null || MissingTopics(request.Topics) is not { } missing)
        {
            return null;
        }

        var reply = await metadata.SubmitAsync(new CreateTopicsCommand(missing), context.Cancellation).ConfigureAwait(false);
        Dictionary<string, ErrorCode>? refusals = null;
        foreach (var created in reply.Topics)
        {
            if (created.ErrorCode is not (ErrorCode.None or ErrorCode.TopicAlreadyExists))
            {
                refusals ??= new Dictionary<string, ErrorCode>(StringComparer.Ordinal);
                refusals[created.Name] = created.ErrorCode;
            }
        }

        return refusals;
    }

    private List<NewTopic>? MissingTopics(List<MetadataRequest.MetadataRequestTopic> asked)
    {
        var image = metadata.Image;
        List<NewTopic>? missing = null;
        HashSet<string>? seen = null;
        foreach (var topic in asked)
        {
            if (topic.Name is { } name && !image.TryGetTopic(name, out _) && !InternalTopics.Contains(name))
            {
                seen ??= new HashSet<string>(StringComparer.Ordinal);
                if (seen.Add(name))
                {
                    missing ??= [];
                    missing.Add(new NewTopic(name));
                }
            }
        }

        return missing;
    }

    private static void AddBrokers(MetadataResponse response, MetadataImage image, string listenerName)
    {
        foreach (var (brokerId, broker) in image.Brokers)
        {
            if (ClusterView.Endpoint(image, brokerId, listenerName) is { } endpoint)
            {
                response.Brokers.Add(new() { NodeId = brokerId, Host = endpoint.Host, Port = endpoint.Port, Rack = broker.Rack });
            }
        }
    }

    private static MetadataResponse.MetadataResponseTopic Answer(
        MetadataRequest.MetadataRequestTopic asked,
        MetadataImage image,
        Dictionary<string, ErrorCode>? refusals,
        RequestContext context)
    {
        if (asked.Name is { } name)
        {
            return image.TryGetTopic(name, out var byName)
                ? Describe(byName, image, context)
                : new()
                {
                    Name = name,
                    ErrorCode = refusals is not null && refusals.TryGetValue(name, out var refusal)
                        ? refusal
                        : ClusterView.UnknownTopicError(name),
                    IsInternal = InternalTopics.Contains(name),
                };
        }

        if (context.ApiVersion < 12)
        {
            // v10 and v11 have the field for the id, and no answer without a name yet.
            return new() { Name = "", TopicId = asked.TopicId, ErrorCode = ErrorCode.InvalidRequest };
        }

        return image.TryGetTopic(asked.TopicId, out var byId)
            ? Describe(byId, image, context)
            : new() { Name = null, TopicId = asked.TopicId, ErrorCode = ErrorCode.UnknownTopicId };
    }

    private static MetadataResponse.MetadataResponseTopic Describe(TopicImage topic, MetadataImage image, RequestContext context)
    {
        var described = new MetadataResponse.MetadataResponseTopic
        {
            Name = topic.Name,
            TopicId = topic.TopicId,
            IsInternal = InternalTopics.Contains(topic.Name),
        };
        described.Partitions.Capacity = topic.Partitions.Length;
        for (var index = 0; index < topic.Partitions.Length; index++)
        {
            described.Partitions.Add(Describe(index, topic.Partitions[index], image, context));
        }

        return described;
    }

    private static MetadataResponse.MetadataResponsePartition Describe(
        int index, PartitionRegistration partition, MetadataImage image, RequestContext context)
    {
        var error = ClusterView.LeaderError(image, partition, context.ListenerName, tellsListener: context.ApiVersion >= 6);
        var described = new MetadataResponse.MetadataResponsePartition
        {
            PartitionIndex = index,
            ErrorCode = error,
            LeaderId = error == ErrorCode.None ? partition.Leader : PartitionRegistration.NoLeader,
            LeaderEpoch = partition.LeaderEpoch,
            ReplicaNodes = [.. partition.Replicas],
            IsrNodes = [.. partition.Isr],
        };
        foreach (var replica in partition.Replicas)
        {
            if (ClusterView.Endpoint(image, replica, context.ListenerName) is null)
            {
                described.OfflineReplicas.Add(replica);
            }
        }

        if (context.ApiVersion == 0 && described.OfflineReplicas.Count > 0)
        {
            LeaveOutOffline(described);
        }

        return described;
    }

    /// <summary>Clients of v0 take every replica they are told of for one they can reach.</summary>
    private static void LeaveOutOffline(MetadataResponse.MetadataResponsePartition partition)
    {
        partition.ReplicaNodes.RemoveAll(partition.OfflineReplicas.Contains);
        partition.IsrNodes.RemoveAll(partition.OfflineReplicas.Contains);
        if (partition.ErrorCode == ErrorCode.None)
        {
            partition.ErrorCode = ErrorCode.ReplicaNotAvailable;
        }
    }
}

using SchemaStream.Broker.Metadata.Commands;
using SchemaStream.Broker.Metadata.Images;
using SchemaStream.Broker.Metadata.Topics;
using SchemaStream.Broker.Runtime.Access;
using SchemaStream.Broker.Server.Dispatch;
using SchemaStream.Broker.Server.Settings;
using SchemaStream.Protocol;
using SchemaStream.Protocol.Messages;

namespace SchemaStream.Broker.Server.Handlers;

// Metadata v0–13. Unknown topics are created where both the broker (auto.create.topics.enable) and the request allow it,
// and then answered with their leaders at once: the controller's reply comes when the partitions are ready.
// Errors are per topic. From v10 topics have ids, from v12 they can be asked for by id.
internal sealed class MetadataHandler(IMetadataAccess metadata, BrokerSettings settings)
    : ApiHandler<MetadataRequest, MetadataResponse>
{
    protected override async ValueTask<MetadataResponse?> HandleAsync(MetadataRequest request, RequestContext context)
    {
        var refusals = await CreateMissingAsync(request, context).ConfigureAwait(false);
        var image = metadata.Image;
        var response = new MetadataResponse { ClusterId = image.ClusterId, ControllerId = metadata.NodeId };
        AddBrokers(response, image, context.ListenerName);
        if (IsAllTopics(request, context.ApiVersion))
        {
            foreach (var topic in image.TopicsByName.Values)
            {
                response.Topics.Add(Describe(topic, image, context.ListenerName));
            }

            return response;
        }

        foreach (var asked in request.Topics!)
        {
            response.Topics.Add(Answer(asked, image, refusals, context));
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
                ? Describe(byName, image, context.ListenerName)
                : new()
                {
                    Name = name,
                    ErrorCode = refusals is not null && refusals.TryGetValue(name, out var refusal)
                        ? refusal
                        : TopicNameError(name),
                    IsInternal = InternalTopics.Contains(name),
                };
        }

        if (context.ApiVersion < 12)
        {
            // v10 and v11 have the field for the id, and no answer without a name yet.
            return new() { Name = "", TopicId = asked.TopicId, ErrorCode = ErrorCode.InvalidRequest };
        }

        return image.TryGetTopic(asked.TopicId, out var byId)
            ? Describe(byId, image, context.ListenerName)
            : new() { Name = null, TopicId = asked.TopicId, ErrorCode = ErrorCode.UnknownTopicId };
    }

    private static ErrorCode TopicNameError(string name) =>
        TopicNames.Validate(name) is null ? ErrorCode.UnknownTopicOrPartition : ErrorCode.InvalidTopicException;

    private static MetadataResponse.MetadataResponseTopic Describe(TopicImage topic, MetadataImage image, string listenerName)
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
            described.Partitions.Add(Describe(index, topic.Partitions[index], image, listenerName));
        }

        return described;
    }

    private static MetadataResponse.MetadataResponsePartition Describe(
        int index, PartitionRegistration partition, MetadataImage image, string listenerName)
    {
        var hasLeader = ClusterView.Endpoint(image, partition.Leader, listenerName) is not null;
        var described = new MetadataResponse.MetadataResponsePartition
        {
            PartitionIndex = index,
            ErrorCode = hasLeader ? ErrorCode.None : ErrorCode.LeaderNotAvailable,
            LeaderId = hasLeader ? partition.Leader : PartitionRegistration.NoLeader,
            LeaderEpoch = partition.LeaderEpoch,
            ReplicaNodes = [.. partition.Replicas],
            IsrNodes = [.. partition.Isr],
        };
        foreach (var replica in partition.Replicas)
        {
            if (!image.IsLive(replica))
            {
                described.OfflineReplicas.Add(replica);
            }
        }

        return described;
    }
}

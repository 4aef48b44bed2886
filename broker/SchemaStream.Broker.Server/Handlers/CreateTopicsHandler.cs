using SchemaStream.Broker.Metadata.Commands;
using SchemaStream.Broker.Runtime.Access;
using SchemaStream.Broker.Server.Dispatch;
using SchemaStream.Broker.Server.Quotas;
using SchemaStream.Broker.Server.Settings;
using SchemaStream.Protocol;
using SchemaStream.Protocol.Messages;

namespace SchemaStream.Broker.Server.Handlers;

// CreateTopics v2–7. Answered when the topics are ready for use. Errors are per topic, with words. v5 answers with the
// counts and configs that came of the request, v7 with topic ids. What is over the controller mutation quota is, from v6 on,
// THROTTLING_QUOTA_EXCEEDED.
internal sealed class CreateTopicsHandler(IMetadataAccess metadata, BrokerSettings settings)
    : ApiHandler<CreateTopicsRequest, CreateTopicsResponse>
{
    /// <summary>From it on clients know THROTTLING_QUOTA_EXCEEDED.</summary>
    private const short FirstStrictVersion = 6;

    protected override async ValueTask<CreateTopicsResponse?> HandleAsync(CreateTopicsRequest request, RequestContext context)
    {
        var response = new CreateTopicsResponse();
        if (request.Topics.RemoveAll(topic => topic.Name == InternalTopics.ClusterMetadata) > 0)
        {
            // Its log lies beside the topics', under this name.
            response.Topics.Add(Answer(CreatedTopic.Failed(
                InternalTopics.ClusterMetadata,
                ErrorCode.InvalidRequest,
                $"Creation of internal topic {InternalTopics.ClusterMetadata} is prohibited.")));
        }

        response.Topics.AddRange(Mutations.TakeOut(
            request.Topics,
            context,
            FirstStrictVersion,
            topic => request.ValidateOnly || metadata.Image.TryGetTopic(topic.Name, out _) ? 0 : PartitionsOf(topic),
            topic => Answer(CreatedTopic.Failed(topic.Name, ErrorCode.ThrottlingQuotaExceeded, Mutations.Message))));
        var command = new CreateTopicsCommand(request.Topics.ConvertAll(Translate), request.ValidateOnly);
        var reply = await metadata.SubmitAsync(command, request.TimeoutMs, context).ConfigureAwait(false);
        foreach (var topic in reply.Topics)
        {
            response.Topics.Add(Answer(topic));
        }

        return response;
    }

    private int PartitionsOf(CreateTopicsRequest.CreatableTopic topic) =>
        topic.Assignments.Count > 0 ? topic.Assignments.Count
        : topic.NumPartitions > 0 ? topic.NumPartitions
        : settings.Int(BrokerSettingNames.NumPartitions);

    private static NewTopic Translate(CreateTopicsRequest.CreatableTopic topic) => new(topic.Name)
    {
        PartitionCount = topic.NumPartitions,
        ReplicationFactor = topic.ReplicationFactor,
        Assignments = topic.Assignments.ConvertAll(assigned => new PartitionAssignment(assigned.PartitionIndex, assigned.BrokerIds)),
        Configs = topic.Configs.ConvertAll(config => KeyValuePair.Create(config.Name, config.Value)),
    };

    private static CreateTopicsResponse.CreatableTopicResult Answer(CreatedTopic topic)
    {
        var answer = new CreateTopicsResponse.CreatableTopicResult
        {
            Name = topic.Name,
            TopicId = topic.TopicId,
            ErrorCode = topic.ErrorCode,
            ErrorMessage = topic.ErrorMessage,
            NumPartitions = topic.PartitionCount,
            ReplicationFactor = (short)topic.ReplicationFactor,
            Configs = topic.ErrorCode == ErrorCode.None ? [] : null,
        };
        foreach (var config in topic.Configs)
        {
            answer.Configs?.Add(new() { Name = config.Name, Value = config.Value, ConfigSource = (sbyte)config.Source });
        }

        return answer;
    }
}

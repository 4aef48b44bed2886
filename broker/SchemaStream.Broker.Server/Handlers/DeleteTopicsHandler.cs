using SchemaStream.Broker.Metadata.Commands;
using SchemaStream.Broker.Metadata.Images;
using SchemaStream.Broker.Runtime.Access;
using SchemaStream.Broker.Server.Dispatch;
using SchemaStream.Broker.Server.Quotas;
using SchemaStream.Broker.Server.Settings;
using SchemaStream.Protocol;
using SchemaStream.Protocol.Messages;

namespace SchemaStream.Broker.Server.Handlers;

// DeleteTopics v1–6; v6 can name topics by id. Errors are per topic, with words from v5. Where delete.topic.enable is
// off every topic is TOPIC_DELETION_DISABLED. The broker's own topics are not to be deleted.
internal sealed class DeleteTopicsHandler(IMetadataAccess metadata, BrokerSettings settings)
    : ApiHandler<DeleteTopicsRequest, DeleteTopicsResponse>
{
    /// <summary>From it on clients know THROTTLING_QUOTA_EXCEEDED.</summary>
    private const short FirstStrictVersion = 5;

    protected override async ValueTask<DeleteTopicsResponse?> HandleAsync(DeleteTopicsRequest request, RequestContext context)
    {
        var response = new DeleteTopicsResponse();
        var image = metadata.Image;
        var accepted = new List<TopicSelector>();
        foreach (var topic in Selectors(request, context.ApiVersion))
        {
            if (Refusal(topic, image, context.ApiVersion) is { } refused)
            {
                response.Responses.Add(Answer(refused, context.ApiVersion));
            }
            else
            {
                accepted.Add(topic.Name is null ? TopicSelector.ById(topic.TopicId) : TopicSelector.ByName(topic.Name));
            }
        }

        response.Responses.AddRange(Mutations.TakeOut(
            accepted,
            context,
            FirstStrictVersion,
            topic => Find(image, topic)?.Partitions.Length ?? 0,
            topic => Answer(
                new DeletedTopic(topic.Name, topic.TopicId, ErrorCode.ThrottlingQuotaExceeded, Mutations.Message), context.ApiVersion)));
        if (accepted.Count > 0)
        {
            var command = new DeleteTopicsCommand(accepted);
            var reply = await metadata.SubmitAsync(command, request.TimeoutMs, context).ConfigureAwait(false);
            foreach (var topic in reply.Topics)
            {
                response.Responses.Add(Answer(topic, context.ApiVersion));
            }
        }

        return response;
    }

    private static TopicImage? Find(MetadataImage image, TopicSelector selector) =>
        (selector.Name is null ? image.TryGetTopic(selector.TopicId, out var topic) : image.TryGetTopic(selector.Name, out topic)) ? topic : null;

    private static List<TopicSelector> Selectors(DeleteTopicsRequest request, short version) => version >= 6
        ? request.Topics.ConvertAll(topic => new TopicSelector(topic.Name, topic.TopicId))
        : request.TopicNames.ConvertAll(TopicSelector.ByName);

    private DeletedTopic? Refusal(TopicSelector topic, MetadataImage image, short version)
    {
        if (!settings.DeleteTopicEnable)
        {
            var error = version >= 3 ? ErrorCode.TopicDeletionDisabled : ErrorCode.InvalidRequest;
            return new DeletedTopic(topic.Name, topic.TopicId, error, "Topic deletion is disabled (delete.topic.enable)");
        }

        if ((topic.Name is null) == (topic.TopicId == Guid.Empty))
        {
            return new DeletedTopic(
                topic.Name, topic.TopicId, ErrorCode.InvalidRequest, "Topic: expected either a name or an id, found both or neither");
        }

        var name = topic.Name ?? (image.TryGetTopic(topic.TopicId, out var found) ? found.Name : "");
        return InternalTopics.Contains(name)
            ? new DeletedTopic(topic.Name, topic.TopicId, ErrorCode.InvalidRequest, $"{name} holds the broker's own state")
            : null;
    }

    private static DeleteTopicsResponse.DeletableTopicResult Answer(DeletedTopic topic, short version) => new()
    {
        Name = version >= 6 ? topic.Name : topic.Name ?? "",
        TopicId = topic.TopicId,
        ErrorCode = topic.ErrorCode,
        ErrorMessage = topic.ErrorMessage,
    };
}

using SchemaStream.Broker.Metadata.Commands;
using SchemaStream.Broker.Runtime.Access;
using SchemaStream.Protocol.Messages;

namespace SchemaStream.Broker.Runtime.Controller.Wire;

public sealed class DeleteTopicsApi
    : ControllerApi<DeleteTopicsCommand, DeleteTopicsReply, ControllerDeleteTopicsRequest, ControllerDeleteTopicsResponse>
{
    public override string ClusterIdOf(ControllerDeleteTopicsRequest request) => request.ClusterId;

    public override ControllerDeleteTopicsRequest RequestOf(DeleteTopicsCommand command, string clusterId) => new()
    {
        ClusterId = clusterId,
        Topics =
        [.. command.Topics.Select(topic => new ControllerDeleteTopicsRequest.DeletableTopic
        {
            Name = topic.Name,
            TopicId = topic.TopicId,
        })],
    };

    public override DeleteTopicsCommand CommandOf(ControllerDeleteTopicsRequest request) =>
        new([.. request.Topics.Select(topic => new TopicSelector(topic.Name, topic.TopicId))]);

    public override ControllerDeleteTopicsResponse ResponseOf(in ControllerAnswer<DeleteTopicsReply> answer) => new()
    {
        ErrorCode = answer.Error,
        ErrorMessage = answer.Message,
        MetadataOffset = answer.MetadataOffset,
        Topics =
        [.. (answer.Reply?.Topics ?? []).Select(topic => new ControllerDeleteTopicsResponse.DeletedTopic
        {
            Name = topic.Name,
            TopicId = topic.TopicId,
            ErrorCode = topic.ErrorCode,
            ErrorMessage = topic.ErrorMessage,
        })],
    };

    public override ControllerAnswer<DeleteTopicsReply> AnswerOf(ControllerDeleteTopicsResponse response) =>
        NoReply(response.ErrorCode, response.ErrorMessage)
        ?? Reply(
            new([.. response.Topics.Select(topic =>
                new DeletedTopic(topic.Name, topic.TopicId, topic.ErrorCode, topic.ErrorMessage))]),
            response.MetadataOffset);
}

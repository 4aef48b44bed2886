using SchemaStream.Broker.Metadata.Commands;
using SchemaStream.Broker.Runtime.Access;
using SchemaStream.Protocol.Messages;

namespace SchemaStream.Broker.Runtime.Controller.Wire;

public sealed class AlterTopicConfigsApi
    : ControllerApi<AlterTopicConfigsCommand, AlterTopicConfigsReply, ControllerAlterTopicConfigsRequest, ControllerAlterTopicConfigsResponse>
{
    public override string ClusterIdOf(ControllerAlterTopicConfigsRequest request) => request.ClusterId;

    public override ControllerAlterTopicConfigsRequest RequestOf(AlterTopicConfigsCommand command, string clusterId) => new()
    {
        ClusterId = clusterId,
        Topics =
        [.. command.Topics.Select(topic => new ControllerAlterTopicConfigsRequest.AlteredTopic
        {
            Name = topic.Topic,
            Changes =
            [.. topic.Changes.Select(change => new ControllerAlterTopicConfigsRequest.ConfigChange
            {
                Name = change.Key,
                Operation = (sbyte)change.Operation,
                Value = change.Value,
            })],
            ReplaceAll = topic.ReplaceAll,
        })],
        ValidateOnly = command.ValidateOnly,
    };

    public override AlterTopicConfigsCommand CommandOf(ControllerAlterTopicConfigsRequest request) => new(
        [.. request.Topics.Select(topic => new TopicConfigAlteration(
            topic.Name,
            [.. topic.Changes.Select(change => new ConfigChange(change.Name, (ConfigOperation)change.Operation, change.Value))],
            topic.ReplaceAll))],
        request.ValidateOnly);

    public override ControllerAlterTopicConfigsResponse ResponseOf(in ControllerAnswer<AlterTopicConfigsReply> answer) => new()
    {
        ErrorCode = answer.Error,
        ErrorMessage = answer.Message,
        MetadataOffset = answer.MetadataOffset,
        Topics =
        [.. (answer.Reply?.Topics ?? []).Select(topic => new ControllerAlterTopicConfigsResponse.TopicResult
        {
            Name = topic.Topic,
            ErrorCode = topic.ErrorCode,
            ErrorMessage = topic.ErrorMessage,
        })],
    };

    public override ControllerAnswer<AlterTopicConfigsReply> AnswerOf(ControllerAlterTopicConfigsResponse response) =>
        NoReply(response.ErrorCode, response.ErrorMessage)
        ?? Reply(
            new([.. response.Topics.Select(topic => new TopicResult(topic.Name, topic.ErrorCode, topic.ErrorMessage))]),
            response.MetadataOffset);
}

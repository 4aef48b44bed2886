using SchemaStream.Broker.Metadata.Commands;
using SchemaStream.Broker.Runtime.Access;
using SchemaStream.Protocol.Messages;

namespace SchemaStream.Broker.Runtime.Controller.Wire;

public sealed class CreatePartitionsApi
    : ControllerApi<CreatePartitionsCommand, CreatePartitionsReply, ControllerCreatePartitionsRequest, ControllerCreatePartitionsResponse>
{
    public override string ClusterIdOf(ControllerCreatePartitionsRequest request) => request.ClusterId;

    public override ControllerCreatePartitionsRequest RequestOf(CreatePartitionsCommand command, string clusterId) => new()
    {
        ClusterId = clusterId,
        Topics =
        [.. command.Topics.Select(topic => new ControllerCreatePartitionsRequest.GrowingTopic
        {
            Name = topic.Topic,
            Count = topic.Count,
            Assignments = topic.Assignments is { } assignments
                ? [.. assignments.Select(brokers => new ControllerCreatePartitionsRequest.NewAssignment { BrokerIds = [.. brokers] })]
                : null,
        })],
        ValidateOnly = command.ValidateOnly,
    };

    public override CreatePartitionsCommand CommandOf(ControllerCreatePartitionsRequest request) => new(
        [.. request.Topics.Select(topic => new PartitionGrowth(
            topic.Name,
            topic.Count,
            topic.Assignments is { } assignments
                ? [.. assignments.Select(assignment => (IReadOnlyList<int>)[.. assignment.BrokerIds])]
                : null))],
        request.ValidateOnly);

    public override ControllerCreatePartitionsResponse ResponseOf(in ControllerAnswer<CreatePartitionsReply> answer) => new()
    {
        ErrorCode = answer.Error,
        ErrorMessage = answer.Message,
        MetadataOffset = answer.MetadataOffset,
        Topics =
        [.. (answer.Reply?.Topics ?? []).Select(topic => new ControllerCreatePartitionsResponse.GrownTopic
        {
            Name = topic.Topic,
            ErrorCode = topic.ErrorCode,
            ErrorMessage = topic.ErrorMessage,
        })],
    };

    public override ControllerAnswer<CreatePartitionsReply> AnswerOf(ControllerCreatePartitionsResponse response) =>
        NoReply(response.ErrorCode, response.ErrorMessage)
        ?? Reply(
            new([.. response.Topics.Select(topic => new TopicResult(topic.Name, topic.ErrorCode, topic.ErrorMessage))]),
            response.MetadataOffset);
}

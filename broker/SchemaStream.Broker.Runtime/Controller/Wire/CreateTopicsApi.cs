using SchemaStream.Broker.Metadata.Commands;
using SchemaStream.Broker.Metadata.Configs;
using SchemaStream.Broker.Runtime.Access;
using SchemaStream.Protocol.Messages;

namespace SchemaStream.Broker.Runtime.Controller.Wire;

public sealed class CreateTopicsApi
    : ControllerApi<CreateTopicsCommand, CreateTopicsReply, ControllerCreateTopicsRequest, ControllerCreateTopicsResponse>
{
    public override string ClusterIdOf(ControllerCreateTopicsRequest request) => request.ClusterId;

    public override ControllerCreateTopicsRequest RequestOf(CreateTopicsCommand command, string clusterId) => new()
    {
        ClusterId = clusterId,
        Topics =
        [.. command.Topics.Select(topic => new ControllerCreateTopicsRequest.NewTopic
        {
            Name = topic.Name,
            PartitionCount = topic.PartitionCount,
            ReplicationFactor = topic.ReplicationFactor,
            Assignments =
            [.. topic.Assignments.Select(assignment => new ControllerCreateTopicsRequest.NewAssignment
            {
                PartitionIndex = assignment.Partition,
                BrokerIds = [.. assignment.BrokerIds],
            })],
            Configs =
            [.. topic.Configs.Select(config => new ControllerCreateTopicsRequest.NewConfig
            {
                Name = config.Key,
                Value = config.Value,
            })],
        })],
        ValidateOnly = command.ValidateOnly,
    };

    public override CreateTopicsCommand CommandOf(ControllerCreateTopicsRequest request) => new(
        [.. request.Topics.Select(topic => new NewTopic(topic.Name)
        {
            PartitionCount = topic.PartitionCount,
            ReplicationFactor = topic.ReplicationFactor,
            Assignments =
            [.. topic.Assignments.Select(assignment => new PartitionAssignment(assignment.PartitionIndex, [.. assignment.BrokerIds]))],
            Configs = [.. topic.Configs.Select(config => KeyValuePair.Create(config.Name, config.Value))],
        })],
        request.ValidateOnly);

    public override ControllerCreateTopicsResponse ResponseOf(in ControllerAnswer<CreateTopicsReply> answer) => new()
    {
        ErrorCode = answer.Error,
        ErrorMessage = answer.Message,
        MetadataOffset = answer.MetadataOffset,
        Topics =
        [.. (answer.Reply?.Topics ?? []).Select(topic => new ControllerCreateTopicsResponse.CreatedTopic
        {
            Name = topic.Name,
            ErrorCode = topic.ErrorCode,
            ErrorMessage = topic.ErrorMessage,
            TopicId = topic.TopicId,
            PartitionCount = topic.PartitionCount,
            ReplicationFactor = topic.ReplicationFactor,
            Configs = [.. topic.Configs.Select(ConfigOf)],
        })],
    };

    public override ControllerAnswer<CreateTopicsReply> AnswerOf(ControllerCreateTopicsResponse response) =>
        NoReply(response.ErrorCode, response.ErrorMessage)
        ?? Reply(
            new([.. response.Topics.Select(topic => new CreatedTopic(topic.Name, topic.ErrorCode, topic.ErrorMessage)
            {
                TopicId = topic.TopicId,
                PartitionCount = topic.PartitionCount,
                ReplicationFactor = topic.ReplicationFactor,
                Configs = [.. topic.Configs.Select(EntryOf)],
            })]),
            response.MetadataOffset);

    private static ControllerCreateTopicsResponse.CreatedConfig ConfigOf(TopicConfigEntry entry) => new()
    {
        Name = entry.Name,
        Value = entry.Value,
        Source = (sbyte)entry.Source,
        Type = (sbyte)entry.Type,
        Documentation = entry.Documentation,
        Synonyms =
        [.. entry.Synonyms.Select(synonym => new ControllerCreateTopicsResponse.ConfigSynonym
        {
            Name = synonym.Name,
            Value = synonym.Value,
            Source = (sbyte)synonym.Source,
        })],
    };

    private static TopicConfigEntry EntryOf(ControllerCreateTopicsResponse.CreatedConfig config) => new(
        config.Name,
        config.Value,
        (ConfigSource)config.Source,
        (ConfigType)config.Type,
        config.Documentation,
        [.. config.Synonyms.Select(synonym => new ConfigSynonym(synonym.Name, synonym.Value, (ConfigSource)synonym.Source))]);
}

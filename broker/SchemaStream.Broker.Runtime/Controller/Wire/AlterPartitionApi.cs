using SchemaStream.Broker.Metadata.Commands;
using SchemaStream.Broker.Runtime.Access;
using SchemaStream.Protocol.Messages;

namespace SchemaStream.Broker.Runtime.Controller.Wire;

public sealed class AlterPartitionApi
    : ControllerApi<AlterPartitionCommand, AlterPartitionReply, ControllerAlterPartitionRequest, ControllerAlterPartitionResponse>
{
    public override string ClusterIdOf(ControllerAlterPartitionRequest request) => request.ClusterId;

    public override ControllerAlterPartitionRequest RequestOf(AlterPartitionCommand command, string clusterId) => new()
    {
        ClusterId = clusterId,
        BrokerId = command.BrokerId,
        BrokerEpoch = command.BrokerEpoch,
        Partitions =
        [.. command.Partitions.Select(altered => new ControllerAlterPartitionRequest.PartitionAlteration
        {
            TopicId = altered.TopicId,
            PartitionIndex = altered.Partition,
            LeaderEpoch = altered.LeaderEpoch,
            PartitionEpoch = altered.PartitionEpoch,
            NewIsr =
            [.. altered.NewIsr.Select(member => new ControllerAlterPartitionRequest.InSyncReplica
            {
                BrokerId = member.BrokerId,
                BrokerEpoch = member.BrokerEpoch,
            })],
        })],
    };

    public override AlterPartitionCommand CommandOf(ControllerAlterPartitionRequest request) => new(
        request.BrokerId,
        request.BrokerEpoch,
        [.. request.Partitions.Select(altered => new PartitionAlteration(
            altered.TopicId,
            altered.PartitionIndex,
            altered.LeaderEpoch,
            altered.PartitionEpoch,
            [.. altered.NewIsr.Select(member => new IsrMember(member.BrokerId, member.BrokerEpoch))]))]);

    public override ControllerAlterPartitionResponse ResponseOf(in ControllerAnswer<AlterPartitionReply> answer) => new()
    {
        ErrorCode = answer.Reply?.ErrorCode ?? answer.Error,
        ErrorMessage = answer.Reply?.ErrorMessage ?? answer.Message,
        MetadataOffset = answer.MetadataOffset,
        Partitions =
        [.. (answer.Reply?.Partitions ?? []).Select(altered => new ControllerAlterPartitionResponse.AlteredPartition
        {
            TopicId = altered.TopicId,
            PartitionIndex = altered.Partition,
            ErrorCode = altered.ErrorCode,
            LeaderId = altered.Leader,
            LeaderEpoch = altered.LeaderEpoch,
            Isr = [.. altered.Isr],
            PartitionEpoch = altered.PartitionEpoch,
        })],
    };

    public override ControllerAnswer<AlterPartitionReply> AnswerOf(ControllerAlterPartitionResponse response) =>
        NoReply(response.ErrorCode, response.ErrorMessage)
        ?? Reply(
            new(
                response.ErrorCode,
                response.ErrorMessage,
                [.. response.Partitions.Select(altered =>
                    new AlteredPartition(altered.TopicId, altered.PartitionIndex, altered.ErrorCode)
                    {
                        Leader = altered.LeaderId,
                        LeaderEpoch = altered.LeaderEpoch,
                        Isr = [.. altered.Isr],
                        PartitionEpoch = altered.PartitionEpoch,
                    })]),
            response.MetadataOffset);
}

using SchemaStream.Broker.Metadata.Commands;
using SchemaStream.Broker.Metadata.Images;
using SchemaStream.Protocol;

namespace SchemaStream.Broker.Metadata.Partitions;

/// <summary>
/// AlterPartition: the leader proposes, and what is not based on the newest state changes nothing. An ISR without itself is
/// how it resigns.
/// </summary>
internal static class IsrAltering
{
    public static AlterPartitionReply Alter(ControllerDraft draft, AlterPartitionCommand command)
    {
        if (!draft.Image.Brokers.TryGetValue(command.BrokerId, out var broker) || broker.BrokerEpoch != command.BrokerEpoch)
        {
            return command.Refused(
                ErrorCode.StaleBrokerEpoch, $"Broker {command.BrokerId} is not registered in epoch {command.BrokerEpoch}.");
        }

        return new AlterPartitionReply(
            ErrorCode.None, null, [.. command.Partitions.Select(alteration => Alter(draft, command.BrokerId, alteration))]);
    }

    private static AlteredPartition Alter(ControllerDraft draft, int leader, PartitionAlteration alteration)
    {
        if (!draft.Image.TryGetTopic(alteration.TopicId, out var topic))
        {
            return Failed(alteration, ErrorCode.UnknownTopicId);
        }

        if (topic.Partition(alteration.Partition) is null)
        {
            return Failed(alteration, ErrorCode.UnknownTopicOrPartition);
        }

        var before = draft.Partition(topic, alteration.Partition);
        var error = Check(draft, before, leader, alteration);
        if (error != ErrorCode.None)
        {
            return Failed(alteration, error);
        }

        var after = draft.Change(topic, alteration.Partition, new PartitionChange(before, topic.Config.MinInSyncReplicas)
        {
            Isr = [.. alteration.NewIsr.Select(member => member.BrokerId)],

            // Its disk has failed it: nothing that it has is relied on.
            StoppedUncleanly = Resigns(alteration, leader) ? leader : null,
            Election = PartitionUpkeep.Kind(topic),
        }) ?? before;
        return after.Leader == leader
            ? new AlteredPartition(alteration.TopicId, alteration.Partition, ErrorCode.None)
            {
                Leader = after.Leader,
                LeaderEpoch = after.LeaderEpoch,
                PartitionEpoch = after.PartitionEpoch,
                Isr = after.Isr,
            }

            // The leader resigned, or the change completed a reassignment that takes it away: it has to read of what came of it.
            : Failed(alteration, ErrorCode.NewLeaderElected);
    }

    private static ErrorCode Check(ControllerDraft draft, PartitionRegistration partition, int leader, PartitionAlteration alteration)
    {
        if (alteration.LeaderEpoch > partition.LeaderEpoch || alteration.PartitionEpoch > partition.PartitionEpoch)
        {
            // The leader knows more than this controller, which therefore is not the controller any more.
            return ErrorCode.NotController;
        }

        if (alteration.LeaderEpoch < partition.LeaderEpoch)
        {
            return ErrorCode.FencedLeaderEpoch;
        }

        if (leader != partition.Leader)
        {
            return ErrorCode.InvalidRequest;
        }

        if (alteration.PartitionEpoch < partition.PartitionEpoch && !PlantedBug.AcceptStaleAlterPartition)
        {
            return ErrorCode.InvalidUpdateVersion;
        }

        var isr = alteration.NewIsr;
        if (isr.Count == 0
            || isr.Count > partition.Replicas.Length
            || isr.DistinctBy(member => member.BrokerId).Count() != isr.Count
            || !isr.All(member => partition.Replicas.Contains(member.BrokerId))
            || (Resigns(alteration, leader) && !isr.All(member => partition.Isr.Contains(member.BrokerId))))
        {
            return ErrorCode.InvalidRequest;
        }

        return isr.All(member => IsEligible(draft, member)) ? ErrorCode.None : ErrorCode.IneligibleReplica;
    }

    /// <summary>A leader whose disk fails says so by an ISR without itself, which leaves the others that are in sync.</summary>
    private static bool Resigns(PartitionAlteration alteration, int leader) =>
        !alteration.NewIsr.Any(member => member.BrokerId == leader);

    /// <summary>A broker that has restarted since the leader saw it fetch may have lost what it had.</summary>
    private static bool IsEligible(ControllerDraft draft, IsrMember member) =>
        draft.IsEligible(member.BrokerId)
        && (member.BrokerEpoch == -1 || draft.Image.Brokers[member.BrokerId].BrokerEpoch == member.BrokerEpoch);

    private static AlteredPartition Failed(PartitionAlteration alteration, ErrorCode error) =>
        new(alteration.TopicId, alteration.Partition, error);
}

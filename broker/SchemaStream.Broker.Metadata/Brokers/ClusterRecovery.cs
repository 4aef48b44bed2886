using SchemaStream.Broker.Metadata.Commands;
using SchemaStream.Broker.Metadata.Images;
using SchemaStream.Broker.Metadata.Partitions;
using SchemaStream.Broker.Metadata.Records;
using SchemaStream.Protocol;

namespace SchemaStream.Broker.Metadata.Brokers;

/// <summary>
/// One node goes on alone. Its records are as many as there are partitions and may be appended in several batches: where
/// that was interrupted, the same command does the rest.
/// </summary>
internal static class ClusterRecovery
{
    public static RecoverClusterReply Recover(ControllerDraft draft, RecoverClusterCommand command)
    {
        var survivor = command.SurvivorId;
        if (!draft.Image.Brokers.ContainsKey(survivor))
        {
            return command.Refused(ErrorCode.BrokerIdNotRegistered, $"Broker {survivor} is not registered in this cluster.");
        }

        foreach (var broker in draft.Image.Brokers.Values)
        {
            if (broker.BrokerId != survivor)
            {
                draft.Records.Add(new UnregisterBrokerRecord { BrokerId = broker.BrokerId, BrokerEpoch = broker.BrokerEpoch });
                draft.Leave(broker.BrokerId);
            }
        }

        var unclean = new List<PartitionSelector>();
        var lost = new List<PartitionSelector>();
        foreach (var topic in draft.Image.TopicsByName.Values.OrderBy(topic => topic.Name, StringComparer.Ordinal))
        {
            for (var index = 0; index < topic.Partitions.Length; index++)
            {
                var partition = topic.Partitions[index];
                var name = new PartitionSelector(topic.Name, index);
                if (!partition.Replicas.Contains(survivor))
                {
                    lost.Add(name);
                    draft.Change(topic, index, new PartitionChange(partition, topic.Config.MinInSyncReplicas) { Isr = [] });
                    continue;
                }

                if (!HasAll(partition, survivor))
                {
                    unclean.Add(name);
                }

                LeadAlone(draft, topic, index, survivor);
            }
        }

        return new RecoverClusterReply(ErrorCode.None, null, unclean, lost);
    }

    private static bool HasAll(PartitionRegistration partition, int brokerId) =>
        partition.Isr.IsEmpty ? partition.Elr.Contains(brokerId) : partition.Isr.Contains(brokerId);

    private static void LeadAlone(ControllerDraft draft, TopicImage topic, int index, int survivor)
    {
        var partition = topic.Partitions[index];
        if (partition.Leader == survivor && partition.Isr is [var only] && only == survivor && partition.Elr.IsEmpty)
        {
            return;
        }

        draft.Replace(topic, index, partition with
        {
            Isr = [survivor],
            Elr = [],
            LastKnownElr = [],
            Leader = survivor,

            // Also where it led before: what others may still hold of this epoch must not be mistaken for its own.
            LeaderEpoch = partition.LeaderEpoch + 1,
            PartitionEpoch = partition.PartitionEpoch + 1,
        });
    }
}

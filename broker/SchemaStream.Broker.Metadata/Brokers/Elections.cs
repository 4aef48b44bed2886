using System.Collections.Immutable;
using SchemaStream.Broker.Metadata.Images;
using SchemaStream.Broker.Metadata.Records;

namespace SchemaStream.Broker.Metadata.Brokers;

/// <summary>Who leads a partition: the first of its replicas that is in sync and lives.</summary>
internal static class Elections
{
    /// <summary>The first live replica, which leads a new partition; null where none lives.</summary>
    public static int? First(MetadataImage image, IReadOnlyList<int> replicas)
    {
        foreach (var replica in replicas)
        {
            if (image.IsLive(replica))
            {
                return replica;
            }
        }

        return null;
    }

    /// <summary>The broker is lost: it leads nothing and is in no ISR, but for one that it is alone in.</summary>
    public static void MoveAway(ControllerDraft draft, int brokerId)
    {
        foreach (var topic in InOrder(draft.Image))
        {
            for (var index = 0; index < topic.Partitions.Length; index++)
            {
                var partition = topic.Partitions[index];
                if (!partition.Isr.Contains(brokerId) && partition.Leader != brokerId)
                {
                    continue;
                }

                // The last replica in sync stays on record: it alone has all that was acknowledged.
                var isr = partition.Isr.Length > 1 ? partition.Isr.Remove(brokerId) : partition.Isr;
                var leader = partition.Leader == brokerId
                    ? First(draft.Image, [.. partition.Replicas.Where(replica => replica != brokerId && isr.Contains(replica))])
                        ?? PartitionRegistration.NoLeader
                    : partition.Leader;
                Change(draft, topic, index, isr, leader);
            }
        }
    }

    /// <summary>The broker lives again: partitions that have no leader and have it in sync are led by it.</summary>
    public static void LeadAgain(ControllerDraft draft, int brokerId)
    {
        foreach (var topic in InOrder(draft.Image))
        {
            for (var index = 0; index < topic.Partitions.Length; index++)
            {
                var partition = topic.Partitions[index];
                if (partition.Leader == PartitionRegistration.NoLeader && partition.Isr.Contains(brokerId))
                {
                    Change(draft, topic, index, partition.Isr, brokerId);
                }
            }
        }
    }

    private static IEnumerable<TopicImage> InOrder(MetadataImage image) =>
        image.TopicsByName.Values.OrderBy(topic => topic.Name, StringComparer.Ordinal);

    private static void Change(ControllerDraft draft, TopicImage topic, int index, ImmutableArray<int> isr, int leader)
    {
        var partition = topic.Partitions[index];
        if (leader == partition.Leader && isr == partition.Isr)
        {
            return;
        }

        draft.Records.Add(new PartitionChangeRecord
        {
            TopicId = topic.TopicId,
            PartitionId = index,
            Isr = isr == partition.Isr ? null : [.. isr],
            Leader = leader,
            LeaderEpoch = leader == partition.Leader ? partition.LeaderEpoch : partition.LeaderEpoch + 1,
            PartitionEpoch = partition.PartitionEpoch + 1,
        });
    }
}

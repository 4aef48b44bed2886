using SchemaStream.Broker.Metadata.Images;

namespace SchemaStream.Broker.Metadata.Partitions;

/// <summary>
/// What a broker's coming and going does to partitions. Only topics that have a replica there are looked at. A decision
/// that has no room for all of it does what fits; asking again does the rest.
/// </summary>
internal static class PartitionUpkeep
{
    /// <summary>The broker is not counted on: it leads nothing and is in no ISR.</summary>
    /// <returns>Whether that is all.</returns>
    public static bool MoveAway(ControllerDraft draft, int brokerId) => ForEach(draft, brokerId, (topic, index) =>
    {
        var partition = draft.Partition(topic, index);
        return partition.Leader == brokerId || partition.Isr.Contains(brokerId)
            ? new PartitionChange(partition, topic.Config.MinInSyncReplicas)
            {
                Isr = partition.Isr.Remove(brokerId),
                Election = Kind(topic),
            }
            : null;
    });

    /// <summary>As <see cref="MoveAway"/>, and what the broker has on its disk is not relied on either.</summary>
    /// <param name="draft">The decision.</param>
    /// <param name="brokerId">The broker.</param>
    /// <param name="lostItsDisk">It has nothing at all: it is not even the last resort.</param>
    /// <returns>Whether that is all.</returns>
    public static bool Distrust(ControllerDraft draft, int brokerId, bool lostItsDisk) => ForEach(draft, brokerId, (topic, index) =>
    {
        var partition = draft.Partition(topic, index);
        return partition.Leader == brokerId || partition.Isr.Contains(brokerId) || partition.Elr.Contains(brokerId)
            || (lostItsDisk && partition.LastKnownElr.Contains(brokerId))
            ? new PartitionChange(partition, topic.Config.MinInSyncReplicas)
            {
                StoppedUncleanly = brokerId,
                LostItsDisk = lostItsDisk,
                Election = Kind(topic),
            }
            : null;
    });

    /// <summary>The broker is counted on again: partitions without leader may find one.</summary>
    /// <returns>Whether that is all.</returns>
    public static bool LeadAgain(ControllerDraft draft, int brokerId) => ForEach(draft, brokerId, (topic, index) =>
    {
        var partition = draft.Partition(topic, index);
        return partition.HasLeader
            ? null
            : new PartitionChange(partition, topic.Config.MinInSyncReplicas) { Election = Kind(topic) };
    });

    /// <summary>Whether the broker leads anything, as of this decision's records.</summary>
    public static bool LeadsAny(ControllerDraft draft, int brokerId)
    {
        foreach (var topic in draft.Image.TopicsOn(brokerId))
        {
            for (var index = 0; index < topic.Partitions.Length; index++)
            {
                if (draft.Partition(topic, index).Leader == brokerId)
                {
                    return true;
                }
            }
        }

        return false;
    }

    /// <summary>What an election that no one asked for may do.</summary>
    public static ElectionKind Kind(TopicImage topic) =>
        topic.Config.UncleanLeaderElectionEnable ? ElectionKind.Unclean : ElectionKind.Online;

    private static bool ForEach(ControllerDraft draft, int brokerId, Func<TopicImage, int, PartitionChange?> decide)
    {
        foreach (var topic in draft.Image.TopicsOn(brokerId))
        {
            for (var index = 0; index < topic.Partitions.Length; index++)
            {
                if (decide(topic, index) is { } change)
                {
                    if (!draft.HasRoom)
                    {
                        return false;
                    }

                    draft.Change(topic, index, change);
                }
            }
        }

        return true;
    }
}

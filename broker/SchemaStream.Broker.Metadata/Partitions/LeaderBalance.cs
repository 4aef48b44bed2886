using SchemaStream.Broker.Metadata.Images;

namespace SchemaStream.Broker.Metadata.Partitions;

/// <summary>
/// Gives partitions back to their preferred leaders: of each broker that leads too few of those that it is the preferred
/// leader of. What cannot be led by it now is left for another time.
/// </summary>
internal static class LeaderBalance
{
    /// <summary>Elections of one round; Kafka's number.</summary>
    private const int MostElections = 1_000;

    /// <returns>Whether that is all.</returns>
    public static bool Balance(ControllerDraft draft)
    {
        var elections = 0;
        foreach (var brokerId in Imbalanced(draft))
        {
            foreach (var topic in draft.Image.TopicsOn(brokerId))
            {
                for (var index = 0; index < topic.Partitions.Length; index++)
                {
                    var partition = draft.Partition(topic, index);
                    if (!CanBeGivenBack(draft, partition, brokerId))
                    {
                        continue;
                    }

                    if (++elections > MostElections)
                    {
                        return false;
                    }

                    draft.Change(topic, index, new PartitionChange(partition, topic.Config.MinInSyncReplicas)
                    {
                        Election = ElectionKind.Preferred,
                    });
                }
            }
        }

        return true;
    }

    private static List<int> Imbalanced(ControllerDraft draft)
    {
        var preferred = new SortedDictionary<int, (int All, int Lost)>();
        foreach (var (_, topic) in draft.Image.TopicsByName)
        {
            foreach (var partition in topic.Partitions)
            {
                var brokerId = partition.Replicas[0];
                var (all, lost) = preferred.GetValueOrDefault(brokerId);
                preferred[brokerId] = (all + 1, lost + (partition.Leader == brokerId ? 0 : 1));
            }
        }

        var percentage = draft.Options.LeaderImbalancePerBrokerPercentage;
        return [.. preferred
            .Where(broker => draft.IsEligible(broker.Key) && broker.Value.Lost * 100L > broker.Value.All * (long)percentage)
            .Select(broker => broker.Key)];
    }

    private static bool CanBeGivenBack(ControllerDraft draft, PartitionRegistration partition, int brokerId) =>
        partition.Replicas[0] == brokerId
        && partition.Leader != brokerId
        && partition.Isr.Contains(brokerId)
        && draft.IsEligible(brokerId);
}

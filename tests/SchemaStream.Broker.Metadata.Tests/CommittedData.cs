using SchemaStream.Broker.Metadata.Images;
using SchemaStream.Protocol;

namespace SchemaStream.Broker.Metadata.Tests;

/// <summary>
/// Which brokers have all that was ever committed of a partition, if leaders commit something whenever they may: whoever is
/// elected must be one of them. Only an unclean election, and the last known leader's, go without.
/// </summary>
internal sealed class CommittedData
{
    private readonly Dictionary<(Guid TopicId, int Partition), HashSet<int>> _holders = [];

    /// <summary>The broker's process was killed, or its disk exchanged: it may have lost what it had.</summary>
    public void Lose(int brokerId)
    {
        foreach (var holders in _holders.Values)
        {
            holders.Remove(brokerId);
        }
    }

    /// <summary>The leader has seen these brokers catch up.</summary>
    public void CaughtUp(Guid topicId, int partition, IEnumerable<int> brokerIds) => _holders[(topicId, partition)].UnionWith(brokerIds);

    public void Check(MetadataImage before, MetadataImage after, bool uncleanWasAsked)
    {
        foreach (var topic in after.TopicsByName.Values)
        {
            before.TryGetTopic(topic.TopicId, out var old);
            for (var index = 0; index < topic.Partitions.Length; index++)
            {
                var mayBeUnclean = uncleanWasAsked || topic.Config.UncleanLeaderElectionEnable || old?.Config.UncleanLeaderElectionEnable == true;
                Check(old?.Partition(index), topic.Partitions[index], topic, index, mayBeUnclean);
            }
        }
    }

    private void Check(PartitionRegistration? was, PartitionRegistration now, TopicImage topic, int index, bool mayBeUnclean)
    {
        if (!_holders.TryGetValue((topic.TopicId, index), out var holders))
        {
            _holders[(topic.TopicId, index)] = holders = [.. now.Isr];
        }

        holders.IntersectWith(now.Replicas);
        if (!now.HasLeader)
        {
            return;
        }

        if (!holders.Contains(now.Leader))
        {
            var isLastResort = holders.Count == 0 && was is { HasLeader: false, LastKnownElr: [var last] } && last == now.Leader;
            Invariant.That(mayBeUnclean || isLastResort, $"{topic.Name}-{index}: leader {now.Leader} has all that was committed: of {string.Join(',', holders)}; {Text(was)} became {Text(now)}");
            holders.Clear();
        }

        if (mayBeUnclean && was is not null && !was.Isr.Contains(now.Leader) && !was.Elr.Contains(now.Leader))
        {
            // Elected uncleanly: only what its leader has counts from now on.
            holders.Clear();
        }

        // Who is in the ISR has caught up with the leader; who is not falls behind as soon as something is committed.
        if (now.Isr.Length >= now.EffectiveMinIsr(topic.Config.MinInSyncReplicas))
        {
            holders.Clear();
        }

        holders.UnionWith(now.Isr);
    }

    private static string Text(PartitionRegistration? partition) => partition is null ? "nothing"
        : $"{partition.Leader} of [{string.Join(',', partition.Replicas)}] isr[{string.Join(',', partition.Isr)}] elr[{string.Join(',', partition.Elr)}] "
            + $"last[{string.Join(',', partition.LastKnownElr)}]";
}

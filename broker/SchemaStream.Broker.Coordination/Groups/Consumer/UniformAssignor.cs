using SchemaStream.Broker.Coordination.Topics;

namespace SchemaStream.Broker.Coordination.Groups.Consumer;

/// <summary>
/// As many partitions to each member as to any other, or one more, as far as what they read allows; and everyone keeps
/// what it had, as far as that allows.
/// </summary>
internal static class UniformAssignor
{
    public static IReadOnlyDictionary<string, PartitionSet> Assign(IReadOnlyList<AssignedMember> members)
    {
        var shares = members.Select(member => new Share(member)).OrderBy(share => share.MemberId, StringComparer.Ordinal).ToArray();
        var free = Keep(shares);
        if (shares.Length > 0 && Array.TrueForAll(shares, share => share.Topics.SetEquals(shares[0].Topics)))
        {
            Level(shares, free);
        }
        else
        {
            Fill(shares, free);
            Balance(shares);
        }

        return shares.ToDictionary(share => share.MemberId, share => PartitionSet.Of(share.Partitions), StringComparer.Ordinal);
    }

    /// <summary>Everyone keeps what it had and still reads; what is left comes back.</summary>
    private static List<TopicPartitionId> Keep(Share[] shares)
    {
        var topics = new SortedDictionary<Guid, int>();
        foreach (var topic in shares.SelectMany(share => share.Member.Topics))
        {
            topics[topic.TopicId] = topic.PartitionCount;
        }

        var kept = new HashSet<TopicPartitionId>();
        foreach (var share in shares)
        {
            share.Partitions.AddRange(share.Member.Previous.Where(partition =>
                share.Topics.Contains(partition.TopicId) && partition.Partition < topics[partition.TopicId] && kept.Add(partition)));
        }

        return [.. from topic in topics
            from index in Enumerable.Range(0, topic.Value)
            let partition = new TopicPartitionId(topic.Key, index)
            where !kept.Contains(partition)
            select partition];
    }

    /// <summary>All read the same: who has more than its quota gives, who has less takes. The one more goes to who has most.</summary>
    private static void Level(Share[] shares, List<TopicPartitionId> free)
    {
        var total = free.Count + shares.Sum(share => share.Partitions.Count);
        var (quota, extra) = Math.DivRem(total, shares.Length);
        var byLoad = shares.OrderByDescending(share => share.Partitions.Count).ToArray();
        for (var i = 0; i < byLoad.Length; i++)
        {
            var most = i < extra ? quota + 1 : quota;
            var over = byLoad[i].Partitions.Count - most;
            if (over > 0)
            {
                free.AddRange(byLoad[i].Partitions[most..]);
                byLoad[i].Partitions.RemoveRange(most, over);
            }
        }

        var next = 0;
        for (var i = 0; i < byLoad.Length; i++)
        {
            var wanted = (i < extra ? quota + 1 : quota) - byLoad[i].Partitions.Count;
            byLoad[i].Partitions.AddRange(free[next..(next + wanted)]);
            next += wanted;
        }
    }

    /// <summary>What no one has goes to its reader with the least; first what few can read.</summary>
    private static void Fill(Share[] shares, List<TopicPartitionId> free)
    {
        var readers = Readers(shares);
        foreach (var partition in free.OrderBy(partition => readers[partition.TopicId].Length).ThenBy(partition => partition))
        {
            readers[partition.TopicId].MinBy(share => share.Partitions.Count)!.Partitions.Add(partition);
        }
    }

    /// <summary>
    /// Moves partitions, one at a time, to readers that have at least two fewer, until there are none such. Each move makes
    /// the sum of the squares of the counts smaller, so it comes to an end.
    /// </summary>
    private static void Balance(Share[] shares)
    {
        var readers = Readers(shares);
        bool moved;
        do
        {
            moved = false;
            foreach (var from in shares.OrderByDescending(share => share.Partitions.Count).ToArray())
            {
                for (var i = from.Partitions.Count - 1; i >= 0; i--)
                {
                    var partition = from.Partitions[i];
                    var to = readers[partition.TopicId].MinBy(share => share.Partitions.Count)!;
                    if (to.Partitions.Count + 1 < from.Partitions.Count)
                    {
                        from.Partitions.RemoveAt(i);
                        to.Partitions.Add(partition);
                        moved = true;
                    }
                }
            }
        }
        while (moved);
    }

    private static Dictionary<Guid, Share[]> Readers(Share[] shares) =>
        (from share in shares from topic in share.Topics group share by topic)
        .ToDictionary(topic => topic.Key, topic => topic.ToArray());

    private sealed class Share(AssignedMember member)
    {
        public AssignedMember Member { get; } = member;

        public string MemberId => Member.MemberId;

        public HashSet<Guid> Topics { get; } = [.. member.Topics.Select(topic => topic.TopicId)];

        public List<TopicPartitionId> Partitions { get; } = [];
    }
}

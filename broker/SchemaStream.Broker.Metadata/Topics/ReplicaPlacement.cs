using System.Collections.Immutable;

namespace SchemaStream.Broker.Metadata.Topics;

/// <summary>A broker to place replicas on.</summary>
public sealed record PlacementBroker(int BrokerId, string? Rack);

/// <summary>
/// Places replicas round robin: leaders go evenly over all brokers, and a partition's replicas over as many racks as there
/// are, before any rack gets a second one.
/// </summary>
public static class ReplicaPlacement
{
    /// <param name="brokers">Those that live; at least as many as the factor.</param>
    /// <param name="partitionCount">How many partitions to place.</param>
    /// <param name="replicationFactor">Replicas of each.</param>
    /// <param name="start">Drawn at random by the caller, so that topics do not all begin on the same broker.</param>
    /// <returns>For each partition its brokers, the preferred leader first.</returns>
    public static ImmutableArray<ImmutableArray<int>> Place(
        IReadOnlyList<PlacementBroker> brokers, int partitionCount, int replicationFactor, int start)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(replicationFactor, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(brokers.Count, replicationFactor);
        ArgumentOutOfRangeException.ThrowIfNegative(start);

        var ring = Interleaved(brokers);
        var rackCount = ring.Select(broker => broker.Rack).Distinct().Count();
        var placed = ImmutableArray.CreateBuilder<ImmutableArray<int>>(partitionCount);
        for (var partition = 0; partition < partitionCount; partition++)
        {
            var leader = (int)(((long)start + partition) % ring.Count);

            // Each time round the ring the followers move on by one, or a broker would always copy the same other.
            var shift = ring.Count > 1 ? partition / ring.Count % (ring.Count - 1) : 0;
            placed.Add(Replicas(ring, leader, shift, replicationFactor, rackCount));
        }

        return placed.MoveToImmutable();
    }

    /// <summary>
    /// As the other, with brokers that come last because they cannot be counted on now: they get what the active ones are
    /// too few for, in racks that a partition is not in yet where possible. They never get the first replica.
    /// </summary>
    public static ImmutableArray<ImmutableArray<int>> Place(
        IReadOnlyList<PlacementBroker> active,
        IReadOnlyList<PlacementBroker> others,
        int partitionCount,
        int replicationFactor,
        int start)
    {
        var placed = Place(active, partitionCount, Math.Min(replicationFactor, active.Count), start);
        return active.Count >= replicationFactor
            ? placed
            : [.. placed.Select((replicas, partition) => Filled(active, others, replicas, replicationFactor, start + partition))];
    }

    private static ImmutableArray<int> Filled(
        IReadOnlyList<PlacementBroker> active,
        IReadOnlyList<PlacementBroker> others,
        ImmutableArray<int> replicas,
        int replicationFactor,
        int start)
    {
        var racks = active.Where(broker => replicas.Contains(broker.BrokerId)).Select(broker => broker.Rack).ToHashSet();
        var ring = others.Select((_, index) => others[(start + index) % others.Count]).ToList();
        while (replicas.Length < replicationFactor)
        {
            var next = ring.FindIndex(broker => !racks.Contains(broker.Rack));
            var broker = ring[Math.Max(next, 0)];
            ring.Remove(broker);
            racks.Add(broker.Rack);
            replicas = replicas.Add(broker.BrokerId);
        }

        return replicas;
    }

    private static ImmutableArray<int> Replicas(
        List<PlacementBroker> ring, int leader, int shift, int replicationFactor, int rackCount)
    {
        var chosen = ImmutableArray.CreateBuilder<int>(replicationFactor);
        var isChosen = new bool[ring.Count];
        var racks = new HashSet<string?>();
        Take(leader);
        while (chosen.Count < replicationFactor)
        {
            if (racks.Count == rackCount)
            {
                racks.Clear();
            }

            // Racks can differ in size: when the small ones are used up, the large ones take the rest.
            Take(Next(onNewRack: true) ?? Next(onNewRack: false)!.Value);
        }

        return chosen.MoveToImmutable();

        void Take(int index)
        {
            isChosen[index] = true;
            racks.Add(ring[index].Rack);
            chosen.Add(ring[index].BrokerId);
        }

        int? Next(bool onNewRack)
        {
            for (var step = 0; step < ring.Count - 1; step++)
            {
                var index = (leader + 1 + ((step + shift) % (ring.Count - 1))) % ring.Count;
                if (!isChosen[index] && !(onNewRack && racks.Contains(ring[index].Rack)))
                {
                    return index;
                }
            }

            return null;
        }
    }

    /// <summary>One broker of each rack in turn: neighbours stand in different racks as far as possible.</summary>
    private static List<PlacementBroker> Interleaved(IReadOnlyList<PlacementBroker> brokers)
    {
        var racks = brokers
            .GroupBy(broker => broker.Rack ?? "", StringComparer.Ordinal)
            .OrderBy(rack => rack.Key, StringComparer.Ordinal)
            .Select(rack => rack.OrderBy(broker => broker.BrokerId).ToArray())
            .ToArray();
        var ring = new List<PlacementBroker>(brokers.Count);
        for (var row = 0; ring.Count < brokers.Count; row++)
        {
            ring.AddRange(racks.Where(rack => row < rack.Length).Select(rack => rack[row]));
        }

        return ring;
    }
}

using SchemaStream.Broker.Metadata.Images;
using SchemaStream.Simulation.Seeds;

namespace SchemaStream.Simulation.Cluster;

/// <summary>How a cluster looks after a calm: as if there had never been a storm.</summary>
internal static class ClusterAtRest
{
    public static void Check(ClusterWorld world, IEnumerable<SimulatedProducer> producers)
    {
        Must(world.Nodes.All(node => node.Process is not null), "all nodes are up");
        Must(world.Nodes.Count(node => node.Process!.Quorum.IsActive) == 1, "one controller is active");
        world.QuorumInvariants.CheckAcknowledged();
        var image = world.Metadata.Newest;
        foreach (var node in world.Nodes)
        {
            Must(image.Brokers.TryGetValue(node.Id, out var broker) && broker.IsActive, $"broker {node.Id} is active");
            Must(node.Process!.Broker.Image.Offset == image.Offset, $"node {node.Id} has all metadata");
        }

        foreach (var history in world.Metadata.Histories)
        {
            Check(world, history, image.Partition(history.Key.Topic, history.Key.Index)!);
        }

        foreach (var producer in producers.Where(producer => producer.UnderWay > 0))
        {
            throw new BrokenPromiseException($"after the calm: {producer.UnderWay} batches for {producer.Key} were never answered");
        }
    }

    private static void Check(ClusterWorld world, PartitionHistory history, PartitionRegistration partition)
    {
        var key = history.Key;
        var text = MetadataWatch.Describe(partition);
        Must(partition.HasLeader, $"{key} has a leader: {text}");
        Must(partition.Isr.Order().SequenceEqual(partition.Replicas.Order()), $"all replicas of {key} are in sync: {text}");
        Must(!partition.IsReassigning, $"{key} is where it shall be: {text}");
        foreach (var id in partition.Replicas)
        {
            var replica = world.Nodes[id - 1].Process!.Broker.Find(key);
            Must(replica is not null, $"node {id} has {key}");
            Must(
                replica!.Partition.HighWatermark == history.CommittedEnd && replica.Partition.LogEndOffset == history.CommittedEnd,
                $"node {id} has all of {key}: {replica.Partition.HighWatermark} and {replica.Partition.LogEndOffset} of {history.CommittedEnd}, {text}");
            history.MustBe(id, SimulatedRecord.Read(replica.Log, 0, replica.Partition.LogEndOffset));
        }
    }

    private static void Must(bool holds, string promise)
    {
        if (!holds)
        {
            throw new BrokenPromiseException("after the calm: " + promise);
        }
    }
}

using SchemaStream.Broker.Metadata.Commands;
using SchemaStream.Broker.Nodes;
using SchemaStream.Broker.Runtime.Quorum;

namespace SchemaStream.Cli.Quorum;

/// <summary>What a recovery would do, in the words that someone decides by.</summary>
internal static class RecoveryText
{
    private const int MostPartitions = 50;

    public static void WritePlan(TextWriter output, NodeConfiguration node, QuorumRecoveryReport plan)
    {
        var others = plan.VotersBefore.Where(voter => voter != node.NodeId).ToList();
        var brokers = plan.BrokersBefore.Where(broker => broker != node.NodeId).ToList();
        output.WriteLine($"Node {node.NodeId} of cluster {plan.ClusterId} ({node.DataDirectory}) would become its only controller.");
        output.WriteLine($"Its metadata log ends at offset {plan.LogEndOffset}; what other controllers had beyond that is lost.");
        output.WriteLine($"No longer voters: {List(others)}. They must never run again over the directories they had.");
        output.WriteLine($"No longer registered as brokers: {List(brokers)}. They may register again with empty directories.");
        WritePartitions(output, plan.Unclean, "would be led by a replica that was not in sync, their newest records may be lost");
        WritePartitions(output, plan.Lost, "have no replica here and stay without leader");
    }

    private static void WritePartitions(TextWriter output, IReadOnlyList<PartitionSelector> partitions, string fate)
    {
        output.WriteLine($"Partitions that {fate}: {(partitions.Count == 0 ? "none" : partitions.Count)}.");
        foreach (var partition in partitions.Take(MostPartitions))
        {
            output.WriteLine($"  {partition.Topic}-{partition.Partition}");
        }

        if (partitions.Count > MostPartitions)
        {
            output.WriteLine($"  and {partitions.Count - MostPartitions} more");
        }
    }

    private static string List(List<int> nodes) => nodes.Count == 0 ? "none" : string.Join(", ", nodes);
}

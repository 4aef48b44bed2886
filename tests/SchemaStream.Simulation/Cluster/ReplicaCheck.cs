using SchemaStream.Simulation.Seeds;

namespace SchemaStream.Simulation.Cluster;

/// <summary>Holds one replica against its partition's history. Cheap where nothing changed, as it runs after every step.</summary>
internal static class ReplicaCheck
{
    public static void Check(int node, Replica replica, PartitionHistory history)
    {
        var partition = replica.Partition;
        if (replica.IsLeader)
        {
            if (replica.EpochSeenLeading != partition.LeaderEpoch)
            {
                replica.EpochSeenLeading = partition.LeaderEpoch;
                replica.HighWatermarkAsLeader = 0;
                history.Leads(
                    node, partition.LeaderEpoch, (from, to) => SimulatedRecord.Read(replica.Log, from, to), partition.LogEndOffset);
            }

            if (partition.HighWatermark < replica.HighWatermarkAsLeader)
            {
                throw new BrokenPromiseException(
                    $"{replica.Key}: the high watermark of leader {node} went back from {replica.HighWatermarkAsLeader} to {partition.HighWatermark}");
            }

            replica.HighWatermarkAsLeader = partition.HighWatermark;
        }

        var leadsNewHistory = replica.IsLeader && partition.LeaderEpoch >= history.RewrittenInEpoch;
        if (history.RewrittenInEpoch > replica.Log.LatestEpoch && !leadsNewHistory)
        {
            replica.ComparedTo = 0; // it may be of the history before the unclean election, and cannot know
            return;
        }

        replica.ComparedTo = Math.Min(replica.ComparedTo, partition.LogEndOffset);
        if (partition.HighWatermark > replica.ComparedTo)
        {
            history.Commits(node, SimulatedRecord.Read(replica.Log, replica.ComparedTo, partition.HighWatermark));
            replica.ComparedTo = partition.HighWatermark;
        }
    }
}

using System.Globalization;
using SchemaStream.Protocol.Messages;

namespace SchemaStream.Cli.Quorum;

/// <summary>The quorum as people read it: who leads, and a line for each node.</summary>
internal static class QuorumText
{
    public static void Write(TextWriter output, string clusterId, DescribeQuorumResponse response, long nowMs)
    {
        var partition = response.Topics[0].Partitions[0];
        output.WriteLine($"ClusterId:      {clusterId}");
        output.WriteLine($"LeaderId:       {partition.LeaderId}");
        output.WriteLine($"LeaderEpoch:    {partition.LeaderEpoch}");
        output.WriteLine($"HighWatermark:  {partition.HighWatermark}");
        output.WriteLine();
        WriteLine(output, "NodeId", "LogEndOffset", "Lag", "LastFetch", "Status", "Controller");
        foreach (var voter in partition.CurrentVoters.OrderBy(voter => voter.ReplicaId))
        {
            Write(voter, voter.ReplicaId == partition.LeaderId ? "Leader" : "Follower");
        }

        foreach (var observer in partition.Observers.OrderBy(observer => observer.ReplicaId))
        {
            Write(observer, "Observer");
        }

        void Write(DescribeQuorumResponse.ReplicaState replica, string status)
        {
            var leaderEnd = partition.CurrentVoters.Find(voter => voter.ReplicaId == partition.LeaderId)?.LogEndOffset ?? 0;
            var listener = response.Nodes.Find(node => node.NodeId == replica.ReplicaId)?.Listeners.FirstOrDefault();
            WriteLine(
                output,
                Text(replica.ReplicaId),
                replica.LogEndOffset < 0 ? "unknown" : Text(replica.LogEndOffset),
                replica.LogEndOffset < 0 ? "unknown" : Text(Math.Max(0, leaderEnd - replica.LogEndOffset)),
                status == "Leader" ? "" : replica.LastFetchTimestamp < 0 ? "never" : $"{Text(Math.Max(0, nowMs - replica.LastFetchTimestamp))} ms ago",
                status,
                listener is null ? "" : $"{listener.Host}:{listener.Port}");
        }
    }

    private static void WriteLine(
        TextWriter output, string nodeId, string logEndOffset, string lag, string lastFetch, string status, string controller) =>
        output.WriteLine($"{nodeId,-8}{logEndOffset,-14}{lag,-10}{lastFetch,-16}{status,-10}{controller}".TrimEnd());

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}

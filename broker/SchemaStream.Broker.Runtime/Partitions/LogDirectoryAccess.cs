using SchemaStream.Broker.Runtime.Access;
using SchemaStream.Broker.Runtime.Lanes;

namespace SchemaStream.Broker.Runtime.Partitions;

/// <summary>Asks every lane once for the sizes of the logs on it.</summary>
internal sealed class LogDirectoryAccess(HostedPartitions partitions, string path) : ILogDirectoryAccess
{
    public async ValueTask<LogDirectoryDescription> DescribeAsync(Func<string, int, bool> isWanted)
    {
        var described = partitions.Lanes.Select(_ => new List<LogDescription>()).ToArray();
        var rounds = partitions.Lanes.Select((lane, index) => new LaneRound<HostedPartition>(
            lane, partition => partition, (partition, _) => Describe(partition, described[index]))).ToArray();
        foreach (var partition in partitions.All)
        {
            if (isWanted(partition.Topic, partition.Id.Partition))
            {
                rounds[partition.LaneIndex].Items.Add(partition);
            }
        }

        await Task.WhenAll(rounds.Select(round => round.RunAsync())).ConfigureAwait(false);
        var logs = described.SelectMany(lane => lane).ToList();
        logs.Sort(static (left, right) => string.CompareOrdinal(left.Topic, right.Topic) is not 0 and var byTopic
            ? byTopic
            : left.Partition.CompareTo(right.Partition));
        var (total, usable) = Volume();
        return new LogDirectoryDescription(path, total, usable, logs);
    }

    private static void Describe(HostedPartition partition, List<LogDescription> logs)
    {
        if (partition is { Log: { } log, Replica: { } replica })
        {
            logs.Add(new LogDescription(
                partition.Topic, partition.Id.Partition, log.SizeInBytes, Math.Max(0, replica.HighWatermark - log.LogEndOffset)));
        }
    }

    private (long Total, long Usable) Volume()
    {
        try
        {
            var drive = new DriveInfo(path);
            return (drive.TotalSize, drive.AvailableFreeSpace);
        }
        catch (Exception unknown) when (unknown is IOException or ArgumentException or UnauthorizedAccessException)
        {
            return (-1, -1);
        }
    }
}

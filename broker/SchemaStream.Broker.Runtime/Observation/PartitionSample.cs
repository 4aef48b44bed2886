using SchemaStream.Broker.Runtime.Access;
using SchemaStream.Broker.Runtime.Lanes;
using SchemaStream.Broker.Runtime.Partitions;

namespace SchemaStream.Broker.Runtime.Observation;

/// <summary>What a partition says of itself on its lane.</summary>
internal readonly record struct PartitionSample(
    TopicIdPartition Id, string Topic, long SizeBytes, int SegmentCount, long LogStartOffset, long HighWatermark, bool IsOffline)
{
    /// <summary>All partitions here, each looked at on its lane, a few at a time.</summary>
    public static async Task<IReadOnlyList<PartitionSample>> TakeAsync(HostedPartitions partitions)
    {
        var samples = partitions.Lanes.Select(_ => new List<PartitionSample>()).ToArray();
        var rounds = partitions.Lanes
            .Select((lane, i) => new LaneRound<HostedPartition>(lane, partition => partition, (partition, _) => samples[i].Add(Of(partition))))
            .ToArray();
        foreach (var partition in partitions.All)
        {
            rounds[partition.LaneIndex].Items.Add(partition);
        }

        await Task.WhenAll(rounds.Select(round => round.RunAsync())).ConfigureAwait(false);
        return [.. samples.SelectMany(sample => sample)];
    }

    private static PartitionSample Of(HostedPartition partition) => partition is { Log: { } log, Replica: { } replica }
        ? new(partition.Id, partition.Topic, log.SizeInBytes, log.SegmentCount, log.LogStartOffset, replica.HighWatermark, log.IsOffline)
        : new(partition.Id, partition.Topic, 0, 0, 0, 0, partition.Unavailable == Protocol.ErrorCode.KafkaStorageError);
}

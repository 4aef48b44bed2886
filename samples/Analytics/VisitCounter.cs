using System.Collections.Concurrent;
using Microsoft.Extensions.Hosting;
using SchemaStream;
using Shop.Contracts;

namespace Analytics;

/// <summary>Counts every visit of the topic, from its beginning, once in the life of this process.</summary>
internal sealed class VisitCounter(SchemaStreamClient client, Windows windows) : BackgroundService
{
    /// <summary>Per partition the offset behind what is counted, as long as this process lives.</summary>
    private readonly ConcurrentDictionary<int, long> _counted = [];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // What is counted is in memory alone, so how far the group has read before this start does not matter. A partition
        // that was another member's for a while goes on where it was left: its visits would be counted twice otherwise.
        var options = new ConsumerOptions
        {
            CommitMode = CommitMode.Manual,
            SessionTimeout = TimeSpan.FromSeconds(6),
            PartitionsAssigned = assigned =>
            {
                foreach (var position in assigned.Positions)
                {
                    assigned.StartAt(
                        new TopicPartition(position.Topic, position.Partition),
                        _counted.GetValueOrDefault(position.Partition, PartitionOffset.Beginning));
                }

                return ValueTask.CompletedTask;
            },
        };
        await using var visits = await client.CreateConsumerAsync(Topics.Visits, "analytics", options, stoppingToken);
        await foreach (var batch in visits.ReadBatchesAsync(cancellationToken: stoppingToken))
        {
            foreach (var visit in batch)
            {
                // Of a partition that has just moved, what was in hand comes again.
                if (visit.Offset >= _counted.GetValueOrDefault(visit.Partition))
                {
                    windows.Count(visit.Value);
                    _counted[visit.Partition] = visit.Offset + 1;
                }
            }
        }
    }
}

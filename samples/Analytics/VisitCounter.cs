using Microsoft.Extensions.Hosting;
using SchemaStream;
using Shop.Contracts;

namespace Analytics;

/// <summary>Counts every visit of the topic, from its beginning.</summary>
internal sealed class VisitCounter(SchemaStreamClient client, Windows windows) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // What is counted is in memory alone, so what the group has read before this start does not matter.
        var options = new ConsumerOptions
        {
            CommitMode = CommitMode.Manual,
            SessionTimeout = TimeSpan.FromSeconds(6),
            PartitionsAssigned = assigned =>
            {
                foreach (var position in assigned.Positions)
                {
                    assigned.StartAt(new TopicPartition(position.Topic, position.Partition), PartitionOffset.Beginning);
                }

                return ValueTask.CompletedTask;
            },
        };
        await using var visits = await client.CreateConsumerAsync(Topics.Visits, "analytics", options, stoppingToken);
        await foreach (var batch in visits.ReadBatchesAsync(cancellationToken: stoppingToken))
        {
            foreach (var visit in batch)
            {
                windows.Count(visit.Value);
            }
        }
    }
}

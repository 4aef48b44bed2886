using Microsoft.Extensions.Logging;
using SchemaStream.Broker.Coordination.Transactions;
using SchemaStream.Broker.Metadata.Images;
using SchemaStream.Broker.Runtime.Access;
using SchemaStream.Protocol;

namespace SchemaStream.Broker.Runtime.Transactions;

/// <summary>
/// Brings the markers of decided transactions to the leaders of their partitions, wherever those are, and goes on over
/// changes of leaders until every partition has its marker. A decision is final: there is no giving up but by the
/// coordinator that made it being replaced, whose successor reads it in the log and goes on.
/// </summary>
internal sealed partial class MarkerWriter(
    IMetadataAccess metadata, ITransactionMarkers local, RemoteBrokers remote, TimeProvider timeProvider, ILogger logger)
{
    /// <summary>Rounds after which it is told that a transaction cannot be ended.</summary>
    private const int RoundsBeforeWarning = 20;

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(500);
    private readonly ILogger _logger = logger;

    /// <summary>True once every partition has the marker; false when another coordinator is in charge.</summary>
    public async Task<bool> WriteAsync(
        string transactionalId,
        TransactionMarker marker,
        IReadOnlyCollection<TopicPartitionName> partitions,
        CancellationToken cancellationToken)
    {
        IReadOnlyCollection<TopicPartitionName> missing = partitions;
        var pause = FirstPause;
        for (var round = 1; ; round++)
        {
            var writes = RouteOf(missing).Select(part => WriteToAsync(part.Key, marker, part.Value, cancellationToken));
            var outcomes = await Task.WhenAll(writes).WaitAsync(cancellationToken).ConfigureAwait(false);
            var failed = new List<(TopicPartitionName Partition, ErrorCode Error)>();
            foreach (var outcome in outcomes.SelectMany(outcome => outcome))
            {
                switch (outcome.Error)
                {
                    case ErrorCode.None:
                        break;
                    case ErrorCode.TransactionCoordinatorFenced:
                        Fenced(transactionalId, outcome.Partition);
                        return false;
                    case ErrorCode.InvalidProducerEpoch:
                        // A newer epoch there means that this transaction has ended there already.
                        EndedBefore(transactionalId, outcome.Partition);
                        break;
                    default:
                        failed.Add(outcome);
                        break;
                }
            }

            if (failed.Count == 0)
            {
                return true;
            }

            if (round == RoundsBeforeWarning)
            {
                StillMissing(transactionalId, failed.Count, failed[0].Partition, failed[0].Error);
            }

            missing = [.. failed.Select(each => each.Partition)];
            await Task.Delay(pause, timeProvider, cancellationToken).ConfigureAwait(false);
            pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
        }
    }

    /// <summary>The partitions by their leader of the moment. One whose topic was deleted needs no marker any more.</summary>
    private Dictionary<int, List<TopicPartitionName>> RouteOf(IReadOnlyCollection<TopicPartitionName> partitions)
    {
        var image = metadata.Image;
        var route = new Dictionary<int, List<TopicPartitionName>>();
        foreach (var partition in partitions)
        {
            if (image.TryGetTopic(partition.Topic, out var topic) && topic.Partition(partition.Partition) is { } registration)
            {
                if (!route.TryGetValue(registration.Leader, out var led))
                {
                    route[registration.Leader] = led = [];
                }

                led.Add(partition);
            }
        }

        return route;
    }

    private async Task<IEnumerable<(TopicPartitionName Partition, ErrorCode Error)>> WriteToAsync(
        int leader, TransactionMarker marker, List<TopicPartitionName> partitions, CancellationToken cancellationToken)
    {
        if (leader == PartitionRegistration.NoLeader)
        {
            return partitions.Select(partition => (partition, ErrorCode.LeaderNotAvailable));
        }

        var errors = leader == metadata.NodeId
            ? await WriteHereAsync(marker, partitions, cancellationToken).ConfigureAwait(false)
            : await remote.Find(leader).WriteMarkersAsync(new MarkerRequest(marker, partitions)).ConfigureAwait(false);
        return partitions.Zip(errors);
    }

    private async Task<IReadOnlyList<ErrorCode>> WriteHereAsync(
        TransactionMarker marker, List<TopicPartitionName> partitions, CancellationToken cancellationToken)
    {
        var image = metadata.Image;
        var ids = new List<TopicIdPartition>(partitions.Count);
        foreach (var partition in partitions)
        {
            // One that is gone since the look before is looked for in vain, and found to be gone in the next round.
            var id = image.TryGetTopic(partition.Topic, out var topic) ? topic.TopicId : Guid.Empty;
            ids.Add(new TopicIdPartition(id, partition.Partition));
        }

        return await local.WriteAsync(marker, ids, cancellationToken).ConfigureAwait(false);
    }

    [LoggerMessage(
        EventId = 1451,
        Level = LogLevel.Warning,
        Message = "Transaction of {TransactionalId}: another coordinator has written to {Partition} already; it goes on with this transaction")]
    private partial void Fenced(string transactionalId, TopicPartitionName partition);

    [LoggerMessage(
        EventId = 1452,
        Level = LogLevel.Warning,
        Message = "Transaction of {TransactionalId}: {Partition} knows a newer producer epoch; the transaction has ended there")]
    private partial void EndedBefore(string transactionalId, TopicPartitionName partition);

    [LoggerMessage(
        EventId = 1453,
        Level = LogLevel.Warning,
        Message = "Transaction of {TransactionalId}: {Count} partitions still have no marker, {Partition} for one: {Error}")]
    private partial void StillMissing(string transactionalId, int count, TopicPartitionName partition, ErrorCode error);
}

using SchemaStream.Broker.Replication;
using SchemaStream.Broker.Runtime.Access;
using SchemaStream.Broker.Runtime.Lanes;
using SchemaStream.Broker.Storage;
using SchemaStream.Protocol;
using SchemaStream.Protocol.Records;

namespace SchemaStream.Broker.Runtime.Partitions;

/// <summary>Writes the markers of transactions to the partitions led here: control batches in Kafka's form.</summary>
internal sealed class TransactionMarkers(HostedPartitions partitions, TimeSpan timeout) : ITransactionMarkers
{
    public async ValueTask<IReadOnlyList<ErrorCode>> WriteAsync(
        TransactionMarker marker, IReadOnlyList<TopicIdPartition> ids, CancellationToken cancellationToken)
    {
        var writes = new Task<ErrorCode>[ids.Count];
        for (var i = 0; i < ids.Count; i++)
        {
            writes[i] = partitions.TryGet(ids[i], out var partition)
                ? partition.Lane.RunAsync(new MarkerOperation(partition, marker, timeout)).AsTask()
                : Task.FromResult(partitions.WhyNotHere(ids[i], out _, out _));
        }

        return await Task.WhenAll(writes).WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    private sealed class MarkerOperation(HostedPartition partition, TransactionMarker marker, TimeSpan timeout)
        : LaneOperation<ErrorCode>, IAcknowledgement
    {
        protected internal override ILaneOwner? Owner => partition;

        void IAcknowledgement.Complete(ErrorCode error) => Complete(error);

        protected internal override void Execute(Lane lane)
        {
            if (partition.Replica is not { } replica)
            {
                Complete(partition.Unavailable);
                return;
            }

            if (partition.Tenant?.CheckMarker() is { } error and not ErrorCode.None)
            {
                Complete(error);
                return;
            }

            var nowMs = lane.Clock.WallMs;
            var appended = replica.Append(
                new EndTransactionMarker(marker.Commit, marker.CoordinatorEpoch).ToBatch(marker.ProducerId, marker.ProducerEpoch, nowMs),
                AppendOrigin.Coordinator,
                currentLeaderEpoch: -1,
                requireInSync: true,
                nowMs,
                marker.TransactionVersion);
            if (appended.Error != ErrorCode.None)
            {
                Complete(appended.Error);
                return;
            }

            partition.Verifications?.Ended(marker);
            partition.Tenant?.OnMarker(marker);
            partition.FlushAsConfigured();
            replica.AwaitCommit(appended.NextOffset, lane.Clock.SteadyMs + (long)timeout.TotalMilliseconds, this);
            partition.ArmAcksTimer();
        }

        protected internal override void Fail(Exception cause) =>
            Complete(cause is LaneClosedException ? ErrorCode.NotLeaderOrFollower : ErrorCode.KafkaStorageError);

        protected override void Recycle()
        {
            // Used once.
        }
    }
}

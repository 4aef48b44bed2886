using System.Runtime.InteropServices;

namespace SchemaStream.Transport;

/// <summary>The road back: one member of a group, reading one topic.</summary>
internal interface IConsumerTransport : IAsyncDisposable
{
    /// <summary>The partitions the member has now.</summary>
    IReadOnlyList<AssignedPartition> Assignment { get; }

    /// <summary>Begins to read. Called once, first of all.</summary>
    /// <param name="listener">Told of partitions that come and go.</param>
    void Open(IAssignmentListener listener);

    /// <summary>Completes when the member has an assignment.</summary>
    /// <param name="cancellationToken">Stops waiting.</param>
    Task WaitForAssignmentAsync(CancellationToken cancellationToken);

    /// <summary>The next batch; the caller disposes it. Null once the consumer is closed.</summary>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="BrokerException">Reading has failed for good.</exception>
    ValueTask<IncomingBatch?> ReadAsync(CancellationToken cancellationToken);

    /// <summary>The next batch, if there is one already; null if not.</summary>
    IncomingBatch? TryRead();

    /// <summary>Commits positions and completes when the coordinator has them.</summary>
    /// <param name="positions">Per partition the offset of the next record to handle.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="BrokerException">The coordinator refused.</exception>
    /// <exception cref="ObjectDisposedException">The consumer is closed.</exception>
    Task CommitAsync(IReadOnlyList<(int Partition, long Offset)> positions, CancellationToken cancellationToken);

    /// <summary>Acts upon a change of <see cref="AssignedPartition.Pauses"/>, soon.</summary>
    /// <param name="partition">The partition.</param>
    void ApplyPauses(AssignedPartition partition);

    /// <summary>Goes on fetching at an offset, for a generation that was begun before.</summary>
    /// <param name="partition">The partition.</param>
    /// <param name="generation">The generation of what is fetched from there.</param>
    /// <param name="offset">The offset, or a name of <see cref="PartitionOffset"/>.</param>
    /// <returns>Completes when the fetching goes on there, or the partition or generation is another by then.</returns>
    Task SeekAsync(AssignedPartition partition, int generation, long offset);

    /// <summary>The offset of the first record of a time or later; <see cref="PartitionOffset.End"/> when there is none.</summary>
    /// <param name="partition">The partition.</param>
    /// <param name="timestampMs">The time, in milliseconds since 1970.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="BrokerException">The brokers could not be asked.</exception>
    Task<long> FindOffsetAsync(int partition, long timestampMs, CancellationToken cancellationToken);

    /// <summary>The offset behind the last record that a partition has now.</summary>
    /// <param name="partition">The partition.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="BrokerException">The brokers could not be asked.</exception>
    Task<long> FindEndAsync(int partition, CancellationToken cancellationToken);

    /// <summary>
    /// The member's place in its group, for a transaction that commits its offsets; the caller disposes it. Null while it has
    /// none: brokers take a commit that names no member from anyone, as producers of before KIP-447 named none.
    /// </summary>
    SafeHandle? GroupMetadata();
}

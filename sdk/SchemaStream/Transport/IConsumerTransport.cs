namespace SchemaStream.Transport;

/// <summary>The road back: one member of a group, reading one topic.</summary>
internal interface IConsumerTransport : IAsyncDisposable
{
    /// <summary>The partitions the member has now.</summary>
    IReadOnlyList<AssignedPartition> Assignment { get; }

    /// <summary>Completes when the member has an assignment.</summary>
    /// <param name="cancellationToken">Stops waiting.</param>
    Task WaitForAssignmentAsync(CancellationToken cancellationToken);

    /// <summary>The next batch; the caller disposes it. Null once the consumer is closed.</summary>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="BrokerException">Reading has failed for good.</exception>
    ValueTask<IncomingBatch?> ReadAsync(CancellationToken cancellationToken);

    /// <summary>Commits positions and completes when the coordinator has them.</summary>
    /// <param name="positions">Per partition the offset of the next record to handle.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="BrokerException">The coordinator refused.</exception>
    Task CommitAsync(IReadOnlyList<(int Partition, long Offset)> positions, CancellationToken cancellationToken);
}

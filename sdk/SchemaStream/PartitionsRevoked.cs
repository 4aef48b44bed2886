namespace SchemaStream;

/// <summary>Partitions that are about to leave a member of a group.</summary>
/// <param name="positions">Per partition the offset behind the last handled record.</param>
/// <param name="commit">Commits while that is still allowed.</param>
public sealed class PartitionsRevoked(
    IReadOnlyList<RecordPosition> positions, Func<IReadOnlyList<RecordPosition>, CancellationToken, Task> commit)
{
    /// <summary>
    /// Per partition the offset behind the last handled record; <see cref="PartitionOffset.Unknown"/> where none was.
    /// </summary>
    public IReadOnlyList<RecordPosition> Positions { get; } = positions;

    /// <summary>Commits <see cref="Positions"/>; needed in manual mode only, the others have done so.</summary>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="BrokerException">The coordinator refused.</exception>
    public Task CommitAsync(CancellationToken cancellationToken = default) => CommitAsync(Positions, cancellationToken);

    /// <summary>Commits offsets of the application's choice.</summary>
    /// <param name="positions">Per partition the offset of the next record to read; unknown ones are left out.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="BrokerException">The coordinator refused.</exception>
    public Task CommitAsync(IReadOnlyList<RecordPosition> positions, CancellationToken cancellationToken = default) =>
        commit([.. positions.Where(position => position.Offset >= 0)], cancellationToken);
}

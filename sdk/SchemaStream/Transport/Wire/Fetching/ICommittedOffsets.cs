namespace SchemaStream.Transport.Wire.Fetching;

/// <summary>Asks the group how far it is.</summary>
internal interface ICommittedOffsets
{
    /// <summary>The committed offsets, one per partition; negative for none.</summary>
    Task<IReadOnlyList<long>> FindAsync(IReadOnlyList<int> partitions, CancellationToken cancellationToken);
}

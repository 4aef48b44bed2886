namespace SchemaStream.Transport;

/// <summary>Told of partitions that come and go, on the transport's own thread: the group waits until it returns.</summary>
internal interface IAssignmentListener
{
    /// <summary>Partitions have come; nothing of them is fetched yet.</summary>
    /// <param name="partitions">The partitions.</param>
    /// <param name="isWholeAssignment">Whether they are all that the member has, or come to those that it has.</param>
    /// <param name="committed">Asks for the group's committed offsets, one per partition; negative for none.</param>
    /// <returns>Where to begin, by partition, for those that shall not begin at the committed offset; null for none.</returns>
    IReadOnlyDictionary<int, long>? OnAssigned(
        IReadOnlyList<AssignedPartition> partitions, bool isWholeAssignment, Func<IReadOnlyList<long>> committed);

    /// <summary>Partitions are about to leave, and may still be committed.</summary>
    /// <param name="partitions">The partitions.</param>
    /// <param name="isWholeAssignment">Whether they are all that the member has, some of which may come back at once.</param>
    void OnRevoking(IReadOnlyList<AssignedPartition> partitions, bool isWholeAssignment);

    /// <summary>Partitions are another member's already.</summary>
    /// <param name="partitions">The partitions.</param>
    void OnLost(IReadOnlyList<AssignedPartition> partitions);
}

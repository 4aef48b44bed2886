using SchemaStream.Transport;

namespace SchemaStream.Consuming.Processing;

/// <summary>Handlers that run side by side, as the group and the application's steering see them.</summary>
internal interface IProcessing
{
    /// <summary>Partitions are about to leave: lets running handlers finish, and commits. Returns when that is done.</summary>
    /// <param name="partitions">The partitions.</param>
    void OnRevoking(IReadOnlyList<AssignedPartition> partitions);

    /// <summary>Partitions are another member's: tells running handlers so, and waits for nothing.</summary>
    /// <param name="partitions">The partitions.</param>
    void OnLost(IReadOnlyList<AssignedPartition> partitions);

    /// <summary>The application lets a partition go on.</summary>
    /// <param name="partition">The partition.</param>
    void OnResumed(AssignedPartition partition);
}

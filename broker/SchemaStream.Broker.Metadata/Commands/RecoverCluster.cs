using SchemaStream.Protocol;

namespace SchemaStream.Broker.Metadata.Commands;

/// <summary>
/// The majority is gone for good and one node goes on alone: the other brokers are unregistered, and the survivor leads
/// every partition that it holds, even where it was not in sync. For a stopped node only.
/// </summary>
public sealed record RecoverClusterCommand(int SurvivorId) : ControllerCommand<RecoverClusterReply>
{
    /// <inheritdoc/>
    public override RecoverClusterReply Refused(ErrorCode error, string message) => new(error, message, [], []);
}

/// <summary>Answers <see cref="RecoverClusterCommand"/>.</summary>
/// <param name="ErrorCode">None, or why not.</param>
/// <param name="ErrorMessage">Why not.</param>
/// <param name="Unclean">Led by a replica that was not in sync: their newest records may be missing.</param>
/// <param name="Lost">Not on the survivor at all: they have no leader.</param>
public sealed record RecoverClusterReply(
    ErrorCode ErrorCode, string? ErrorMessage, IReadOnlyList<PartitionSelector> Unclean, IReadOnlyList<PartitionSelector> Lost);

using SchemaStream.Protocol.Messages;

namespace SchemaStream.Broker.Runtime.Access;

/// <summary>
/// The quorum of controllers, as other nodes and administrators reach it. Requests of another cluster are
/// INCONSISTENT_CLUSTER_ID; with a quorum that is not running everything is refused with an error, and nothing throws but a
/// cancelled wait.
/// </summary>
public interface IQuorumAccess
{
    ValueTask<QuorumVoteResponse> VoteAsync(QuorumVoteRequest request, CancellationToken cancellationToken);

    ValueTask<BeginQuorumLeaderEpochResponse> BeginEpochAsync(
        BeginQuorumLeaderEpochRequest request, CancellationToken cancellationToken);

    ValueTask<EndQuorumLeaderEpochResponse> EndEpochAsync(
        EndQuorumLeaderEpochRequest request, CancellationToken cancellationToken);

    /// <summary>Long poll: waits until there is news, or for half a second.</summary>
    ValueTask<FetchQuorumLogResponse> FetchAsync(FetchQuorumLogRequest request, CancellationToken cancellationToken);

    ValueTask<FetchQuorumSnapshotResponse> FetchSnapshotAsync(
        FetchQuorumSnapshotRequest request, CancellationToken cancellationToken);

    /// <param name="version">Of the request: what is passed on to the leader has to fit into the answer.</param>
    /// <param name="origin">Where the request came from.</param>
    ValueTask<DescribeQuorumResponse> DescribeAsync(
        DescribeQuorumRequest request, short version, QuorumRequestOrigin origin, CancellationToken cancellationToken);

    ValueTask<AddRaftVoterResponse> AddVoterAsync(
        AddRaftVoterRequest request, QuorumRequestOrigin origin, CancellationToken cancellationToken);

    ValueTask<RemoveRaftVoterResponse> RemoveVoterAsync(
        RemoveRaftVoterRequest request, QuorumRequestOrigin origin, CancellationToken cancellationToken);

    /// <summary>Hands the quorum's leadership, if this node has it, to another voter.</summary>
    ValueTask<TransferQuorumLeadershipResponse> TransferLeadershipAsync(
        TransferQuorumLeadershipRequest request, CancellationToken cancellationToken);
}

/// <summary>Where a request to the quorum came in: only a client's is passed on, so that none goes in circles.</summary>
public enum QuorumRequestOrigin
{
    /// <summary>The leader answers, wherever it is.</summary>
    ClientListener = 0,

    /// <summary>This node answers, or says that it does not lead.</summary>
    ControllerListener = 1,
}

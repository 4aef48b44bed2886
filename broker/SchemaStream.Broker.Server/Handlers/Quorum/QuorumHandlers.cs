using SchemaStream.Broker.Runtime.Access;
using SchemaStream.Broker.Server.Dispatch;

namespace SchemaStream.Broker.Server.Handlers.Quorum;

/// <summary>The quorum of controllers on the wire.</summary>
public static class QuorumHandlers
{
    /// <summary>For the controller's listener: what controllers say to each other, and what administrators ask of them.</summary>
    public static IReadOnlyList<ApiHandler> ForControllers(IQuorumAccess quorum) =>
    [
        new QuorumVoteHandler(quorum),
        new BeginQuorumLeaderEpochHandler(quorum),
        new EndQuorumLeaderEpochHandler(quorum),
        new FetchQuorumLogHandler(quorum),
        new FetchQuorumSnapshotHandler(quorum),
        new TransferQuorumLeadershipHandler(quorum),
        .. Administration(quorum, QuorumRequestOrigin.ControllerListener),
    ];

    /// <summary>For the clients' listeners: administrators are answered by the leader, wherever it is.</summary>
    public static IReadOnlyList<ApiHandler> ForClients(IQuorumAccess quorum) =>
        Administration(quorum, QuorumRequestOrigin.ClientListener);

    private static IReadOnlyList<ApiHandler> Administration(IQuorumAccess quorum, QuorumRequestOrigin origin) =>
    [
        new DescribeQuorumHandler(quorum, origin),
        new AddRaftVoterHandler(quorum, origin),
        new RemoveRaftVoterHandler(quorum, origin),
    ];
}

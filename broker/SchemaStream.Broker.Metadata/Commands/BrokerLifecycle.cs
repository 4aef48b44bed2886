using System.Collections.Immutable;
using SchemaStream.Broker.Metadata.Images;
using SchemaStream.Protocol;

namespace SchemaStream.Broker.Metadata.Commands;

/// <summary>The first command of a cluster's life; again with the same id it changes nothing.</summary>
public sealed record InitializeClusterCommand(string ClusterId) : ControllerCommand<InitializeClusterReply>
{
    /// <inheritdoc/>
    public override InitializeClusterReply Refused(ErrorCode error, string message) => new(error, message, "");
}

/// <summary>Answers <see cref="InitializeClusterCommand"/>; another id than the cluster's is INCONSISTENT_CLUSTER_ID.</summary>
public sealed record InitializeClusterReply(ErrorCode ErrorCode, string? ErrorMessage, string ClusterId);

/// <summary>
/// A broker has started. It begins fenced: it leads nothing until <see cref="UnfenceBrokerCommand"/>.
/// </summary>
/// <param name="BrokerId">Its node id.</param>
/// <param name="IncarnationId">Drawn anew at each start of the broker's process.</param>
/// <param name="Endpoints">Where clients and brokers reach it.</param>
/// <param name="Rack">Where it stands, or null.</param>
public sealed record RegisterBrokerCommand(
    int BrokerId, Guid IncarnationId, ImmutableArray<BrokerEndpoint> Endpoints, string? Rack)
    : ControllerCommand<RegisterBrokerReply>
{
    /// <inheritdoc/>
    public override RegisterBrokerReply Refused(ErrorCode error, string message) => new(error, message, -1);
}

/// <summary>Answers <see cref="RegisterBrokerCommand"/>.</summary>
/// <param name="ErrorCode">None, or why not.</param>
/// <param name="ErrorMessage">Why not.</param>
/// <param name="BrokerEpoch">Of this incarnation; every later command of the broker names it.</param>
public sealed record RegisterBrokerReply(ErrorCode ErrorCode, string? ErrorMessage, long BrokerEpoch);

/// <summary>The broker has caught up with the metadata log and serves: it may lead partitions.</summary>
public sealed record UnfenceBrokerCommand(int BrokerId, long BrokerEpoch) : ControllerCommand<BrokerStateReply>
{
    /// <inheritdoc/>
    public override BrokerStateReply Refused(ErrorCode error, string message) => new(error, message);
}

/// <summary>The broker is silent, or stops: leadership moves to live replicas in sync.</summary>
public sealed record FenceBrokerCommand(int BrokerId, long BrokerEpoch) : ControllerCommand<BrokerStateReply>
{
    /// <inheritdoc/>
    public override BrokerStateReply Refused(ErrorCode error, string message) => new(error, message);
}

/// <summary>The broker is gone for good.</summary>
public sealed record UnregisterBrokerCommand(int BrokerId) : ControllerCommand<BrokerStateReply>
{
    /// <inheritdoc/>
    public override BrokerStateReply Refused(ErrorCode error, string message) => new(error, message);
}

/// <summary>How a change of a broker's state went.</summary>
public sealed record BrokerStateReply(ErrorCode ErrorCode, string? ErrorMessage);

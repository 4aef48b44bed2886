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
/// A broker has started. It begins fenced: it leads nothing until its heartbeats say that it has caught up with the
/// metadata log.
/// </summary>
/// <param name="BrokerId">Its node id.</param>
/// <param name="IncarnationId">Drawn anew at each start of the broker's process.</param>
/// <param name="Endpoints">Where clients and brokers reach it.</param>
/// <param name="Rack">Where it stands, or null.</param>
public sealed record RegisterBrokerCommand(
    int BrokerId, Guid IncarnationId, ImmutableArray<BrokerEndpoint> Endpoints, string? Rack)
    : ControllerCommand<RegisterBrokerReply>
{
    /// <summary>
    /// Of the data directory, which one process at a time can lock: the same one under a new incarnation means that the
    /// former process is dead. Empty where it is not known.
    /// </summary>
    public Guid DirectoryId { get; init; }

    /// <summary>
    /// Whether the former process closed every log. If not, records that it had acknowledged may be missing here, and the
    /// broker is in no ISR and no ELR any more.
    /// </summary>
    public bool PreviousShutdownWasClean { get; init; }

    /// <inheritdoc/>
    public override RegisterBrokerReply Refused(ErrorCode error, string message) => new(error, message, -1);
}

/// <summary>Answers <see cref="RegisterBrokerCommand"/>.</summary>
/// <param name="ErrorCode">None, or why not: DUPLICATE_BROKER_REGISTRATION while another process has the id.</param>
/// <param name="ErrorMessage">Why not.</param>
/// <param name="BrokerEpoch">Of this incarnation; every later command of the broker names it.</param>
public sealed record RegisterBrokerReply(ErrorCode ErrorCode, string? ErrorMessage, long BrokerEpoch);

/// <summary>A broker lives, and what it wants.</summary>
/// <param name="BrokerId">Its node id.</param>
/// <param name="BrokerEpoch">From its registration.</param>
/// <param name="MetadataOffset">Of the last metadata record that it acts on.</param>
/// <param name="WantFence">It does not want to lead: it still starts, or cannot use its disk.</param>
/// <param name="WantShutDown">It wants to stop, once nothing depends on it.</param>
public sealed record BrokerHeartbeatCommand(
    int BrokerId, long BrokerEpoch, long MetadataOffset, bool WantFence, bool WantShutDown)
    : ControllerCommand<BrokerHeartbeatReply>
{
    /// <inheritdoc/>
    public override BrokerHeartbeatReply Refused(ErrorCode error, string message) => new(error, message);
}

/// <summary>Answers <see cref="BrokerHeartbeatCommand"/>; after STALE_BROKER_EPOCH the broker has to register again.</summary>
public sealed record BrokerHeartbeatReply(ErrorCode ErrorCode, string? ErrorMessage)
{
    /// <summary>The broker's metadata reaches to its own registration.</summary>
    public bool IsCaughtUp { get; init; }

    /// <summary>As of the records of this decision.</summary>
    public bool IsFenced { get; init; } = true;

    /// <summary>It leads nothing any more, everyone knows, and it may stop.</summary>
    public bool ShouldShutDown { get; init; }
}

/// <summary>The broker is gone for good.</summary>
public sealed record UnregisterBrokerCommand(int BrokerId) : ControllerCommand<BrokerStateReply>
{
    /// <inheritdoc/>
    public override BrokerStateReply Refused(ErrorCode error, string message) => new(error, message);
}

/// <summary>How a change of a broker's state went.</summary>
public sealed record BrokerStateReply(ErrorCode ErrorCode, string? ErrorMessage);

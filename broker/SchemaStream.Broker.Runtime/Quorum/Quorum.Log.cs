using Microsoft.Extensions.Logging;
using SchemaStream.Broker.Raft.Log;

namespace SchemaStream.Broker.Runtime.Quorum;

/// <summary>What the quorum of a node tells those who run it.</summary>
internal static partial class QuorumLog
{
    [LoggerMessage(EventId = 1601, Level = LogLevel.Information, Message = "Node {NodeId} leads the quorum in epoch {LeaderEpoch}, from offset {Offset} on")]
    public static partial void Leads(ILogger logger, int nodeId, int leaderEpoch, long offset);

    [LoggerMessage(EventId = 1602, Level = LogLevel.Information, Message = "The quorum's leader is {LeaderId} in epoch {LeaderEpoch}, its voters {Voters}")]
    public static partial void LeaderIs(ILogger logger, int? leaderId, int leaderEpoch, VoterSet voters);

    [LoggerMessage(EventId = 1603, Level = LogLevel.Critical, Message = "The quorum of this node has failed: it takes part no more")]
    public static partial void Failed(ILogger logger, Exception cause);

    [LoggerMessage(EventId = 1604, Level = LogLevel.Warning, Message = "A snapshot is not used: {Snapshot}")]
    public static partial void SnapshotDamaged(ILogger logger, string snapshot, Exception cause);

    [LoggerMessage(EventId = 1605, Level = LogLevel.Information, Message = "Took a snapshot up to offset {EndOffset} of epoch {LeaderEpoch}; the log begins at {LogStartOffset}")]
    public static partial void SnapshotTaken(ILogger logger, long endOffset, int leaderEpoch, long logStartOffset);

    [LoggerMessage(EventId = 1606, Level = LogLevel.Information, Message = "Took over the leader's snapshot up to offset {EndOffset} of epoch {LeaderEpoch}")]
    public static partial void SnapshotInstalled(ILogger logger, long endOffset, int leaderEpoch);

    [LoggerMessage(EventId = 1607, Level = LogLevel.Warning, Message = "The snapshot up to offset {EndOffset} could not be had from node {LeaderId}, it is asked for again: {Reason}")]
    public static partial void DownloadFailed(ILogger logger, long endOffset, int leaderId, string reason);

    [LoggerMessage(EventId = 1608, Level = LogLevel.Warning, Message = "What node {NodeId} of the quorum says is not used: {Reason}")]
    public static partial void Refused(ILogger logger, int nodeId, string reason);

    [LoggerMessage(EventId = 1609, Level = LogLevel.Error, Message = "A message of the quorum cannot be: {Reason}")]
    public static partial void Contradicted(ILogger logger, string reason);
}

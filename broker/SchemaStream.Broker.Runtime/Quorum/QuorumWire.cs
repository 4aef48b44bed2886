using SchemaStream.Broker.Raft;
using SchemaStream.Broker.Raft.Log;
using SchemaStream.Broker.Raft.Messages;
using SchemaStream.Protocol;
using SchemaStream.Protocol.Messages;
using FetchRequest = SchemaStream.Broker.Raft.Messages.FetchRequest;
using FetchResponse = SchemaStream.Broker.Raft.Messages.FetchResponse;

namespace SchemaStream.Broker.Runtime.Quorum;

/// <summary>Between the machine's messages and the protocol's.</summary>
internal static class QuorumWire
{
    private const int Unknown = -1;

    public static QuorumVoteRequest ToWire(VoteRequest request, string clusterId) => new()
    {
        ClusterId = clusterId,
        CandidateId = request.From.Value,
        VoterId = request.To.Value,
        LeaderEpoch = request.LeaderEpoch,
        LastEpoch = request.LogEnd.LeaderEpoch,
        LogEndOffset = request.LogEnd.EndOffset,
        PreVote = request.IsPreVote,
    };

    public static VoteRequest FromWire(QuorumVoteRequest request) => new(
        new NodeId(request.CandidateId),
        new NodeId(request.VoterId),
        request.LeaderEpoch,
        request.PreVote,
        new EpochEnd(request.LastEpoch, request.LogEndOffset));

    public static QuorumVoteResponse ToWire(VoteResponse response) => new()
    {
        LeaderEpoch = response.LeaderEpoch,
        LeaderId = response.Leader?.Value ?? Unknown,
        VoteGranted = response.IsGranted,
    };

    public static VoteResponse FromWire(QuorumVoteResponse response, VoteRequest request) => new(
        request.To, request.From, response.LeaderEpoch, request.IsPreVote, response.VoteGranted, ToNode(response.LeaderId));

    public static BeginQuorumLeaderEpochRequest ToWire(BeginEpochRequest request, string clusterId) => new()
    {
        ClusterId = clusterId,
        LeaderId = request.From.Value,
        VoterId = request.To.Value,
        LeaderEpoch = request.LeaderEpoch,
    };

    public static EndQuorumLeaderEpochRequest ToWire(EndEpochRequest request, string clusterId) => new()
    {
        ClusterId = clusterId,
        LeaderId = request.From.Value,
        VoterId = request.To.Value,
        LeaderEpoch = request.LeaderEpoch,
        PreferredSuccessors = [.. request.Successors.Select(successor => successor.Value)],
    };

    public static FetchQuorumLogRequest ToWire(FetchRequest request, string clusterId, int maxBytes) => new()
    {
        ClusterId = clusterId,
        ReplicaId = request.From.Value,
        VoterId = request.To.Value,
        LeaderEpoch = request.LeaderEpoch,
        LastEpoch = request.LogEnd.LeaderEpoch,
        LogEndOffset = request.LogEnd.EndOffset,
        HighWatermark = request.HighWatermark,
        MaxBytes = maxBytes,
    };

    public static FetchRequest FromWire(FetchQuorumLogRequest request, NodeId to) => new(
        new NodeId(request.ReplicaId),
        to,
        request.LeaderEpoch,
        new EpochEnd(request.LastEpoch, request.LogEndOffset),
        request.HighWatermark);

    public static FetchQuorumLogResponse ToWire(FetchResponse response, HostAndPort? leaderEndpoint) => new()
    {
        ErrorCode = response.Outcome == FetchOutcome.NotLeader ? ErrorCode.NotLeaderOrFollower : ErrorCode.None,
        NodeId = response.From.Value,
        LeaderId = response.Leader?.Value ?? Unknown,
        LeaderEpoch = response.LeaderEpoch,
        LeaderEndpoint = leaderEndpoint is { } endpoint
            ? new FetchQuorumLogResponse.Endpoint { Host = endpoint.Host, Port = (ushort)endpoint.Port }
            : null,
        HighWatermark = response.HighWatermark,
        DivergingEpoch = response.Outcome == FetchOutcome.Diverging ? ToWire(response.Divergence) : null,
        SnapshotId = response.Outcome == FetchOutcome.SnapshotNeeded ? ToWire(response.Snapshot) : null,
        Records = Join(response.Batches),
    };

    /// <summary>The machine's message; null with a reason when the response is not one that can be used.</summary>
    public static FetchResponse? FromWire(FetchQuorumLogResponse response, FetchRequest request, out string? reason)
    {
        reason = response.NodeId != request.To.Value
            ? $"node {response.NodeId} answers where node {request.To} is expected"
            : response.ErrorCode is not (ErrorCode.None or ErrorCode.NotLeaderOrFollower) ? response.ErrorCode.ToString() : null;
        if (reason is not null
            || QuorumBatches.TryRead(response.Records ?? default, out reason) is not { } batches)
        {
            return null;
        }

        return new FetchResponse(
            request.To,
            request.From,
            response.LeaderEpoch,
            ToNode(response.LeaderId),
            request.LogEnd,
            response.HighWatermark,
            OutcomeOf(response))
        {
            Divergence = FromWire(response.DivergingEpoch),
            Snapshot = FromWire(response.SnapshotId),
            Batches = batches,
        };
    }

    private static FetchOutcome OutcomeOf(FetchQuorumLogResponse response) => response switch
    {
        { ErrorCode: not ErrorCode.None } => FetchOutcome.NotLeader,
        { SnapshotId: not null } => FetchOutcome.SnapshotNeeded,
        { DivergingEpoch: not null } => FetchOutcome.Diverging,
        _ => FetchOutcome.Records,
    };

    private static FetchQuorumLogResponse.EpochEnd ToWire(EpochEnd end) =>
        new() { Epoch = end.LeaderEpoch, EndOffset = end.EndOffset };

    private static EpochEnd FromWire(FetchQuorumLogResponse.EpochEnd? end) =>
        end is null ? default : new EpochEnd(end.Epoch, end.EndOffset);

    private static NodeId? ToNode(int id) => id >= 0 ? new NodeId(id) : null;

    private static ReadOnlyMemory<byte> Join(IReadOnlyList<LogBatch> batches)
    {
        if (batches.Count == 1)
        {
            return batches[0].Payload;
        }

        var bytes = new byte[batches.Sum(batch => batch.Payload.Length)];
        var position = 0;
        foreach (var batch in batches)
        {
            batch.Payload.CopyTo(bytes.AsMemory(position));
            position += batch.Payload.Length;
        }

        return bytes;
    }
}

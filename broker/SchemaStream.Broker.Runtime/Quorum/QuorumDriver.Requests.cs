using System.Net.Sockets;
using SchemaStream.Broker.Raft;
using SchemaStream.Broker.Raft.Messages;
using SchemaStream.Broker.Runtime.Access;
using SchemaStream.Protocol;
using SchemaStream.Protocol.Messages;
using FetchResponse = SchemaStream.Broker.Raft.Messages.FetchResponse;

namespace SchemaStream.Broker.Runtime.Quorum;

/// <content>Requests of other nodes and of administrators.</content>
internal sealed partial class QuorumDriver
{
    private const int LongestAdminWaitMs = 10 * 60 * 1000;
    private const int RemovalTimeoutMs = 30_000;
    private const int LongestGreetingMs = 5_000;

    /// <summary>A name in the DNS has no more.</summary>
    private const int LongestHost = 255;

    public async ValueTask<QuorumVoteResponse> VoteAsync(QuorumVoteRequest request, CancellationToken cancellationToken)
    {
        var error = Refusal(request.ClusterId, request.CandidateId, request.VoterId, request.LogEndOffset);
        if (error != ErrorCode.None)
        {
            return new() { ErrorCode = error };
        }

        var reply = NewReply<VoteResponse?>();
        var vote = QuorumWire.FromWire(request);
        var isPosted = await PostAsync(
            () =>
            {
                _replies.Add(vote, reply, NowMs + _raftOptions.ElectionTimeoutMs);
                _raft.Step(vote, NowMs);
            },
            cancellationToken).ConfigureAwait(false);
        return isPosted && await AnswerAsync(reply.Task, cancellationToken).ConfigureAwait(false) is { } answer
            ? QuorumWire.ToWire(answer)
            : new() { ErrorCode = ErrorCode.RequestTimedOut };
    }

    public async ValueTask<BeginQuorumLeaderEpochResponse> BeginEpochAsync(
        BeginQuorumLeaderEpochRequest request, CancellationToken cancellationToken)
    {
        var error = Refusal(request.ClusterId, request.LeaderId, request.VoterId, 0);
        var message = new BeginEpochRequest(new NodeId(request.LeaderId), _raft.Id, request.LeaderEpoch);
        return new() { ErrorCode = error != ErrorCode.None ? error : await TellAsync(message, cancellationToken).ConfigureAwait(false) };
    }

    public async ValueTask<EndQuorumLeaderEpochResponse> EndEpochAsync(
        EndQuorumLeaderEpochRequest request, CancellationToken cancellationToken)
    {
        var error = Refusal(request.ClusterId, request.LeaderId, request.VoterId, 0);
        var successors = request.PreferredSuccessors.Select(id => new NodeId(id)).ToArray();
        var message = new EndEpochRequest(new NodeId(request.LeaderId), _raft.Id, request.LeaderEpoch, successors);
        return new() { ErrorCode = error != ErrorCode.None ? error : await TellAsync(message, cancellationToken).ConfigureAwait(false) };
    }

    public async ValueTask<FetchQuorumLogResponse> FetchAsync(FetchQuorumLogRequest request, CancellationToken cancellationToken)
    {
        var error = Refusal(request.ClusterId, request.ReplicaId, request.VoterId, request.LogEndOffset);
        if (error != ErrorCode.None)
        {
            return new() { ErrorCode = error, NodeId = _options.NodeId };
        }

        var reply = NewReply<FetchResponse?>();
        var fetch = QuorumWire.FromWire(request, _raft.Id);
        var isPosted = await PostAsync(
            () =>
            {
                _replies.Add(fetch, reply, NowMs + _raftOptions.FetchMaxWaitMs + _raftOptions.RetryMs);
                _raft.Step(fetch, NowMs);
            },
            cancellationToken).ConfigureAwait(false);
        return isPosted && await AnswerAsync(reply.Task, cancellationToken).ConfigureAwait(false) is { } answer
            ? QuorumWire.ToWire(answer, answer.Leader is { } leader ? KnownEndpoint(leader) : null)
            : new() { ErrorCode = ErrorCode.RequestTimedOut, NodeId = _options.NodeId };
    }

    public async ValueTask<FetchQuorumSnapshotResponse> FetchSnapshotAsync(
        FetchQuorumSnapshotRequest request, CancellationToken cancellationToken)
    {
        var error = Refusal(request.ClusterId, request.ReplicaId, _options.NodeId, request.EndOffset);
        if (error != ErrorCode.None || request.Epoch < 0)
        {
            return new() { ErrorCode = error != ErrorCode.None ? error : ErrorCode.InvalidRequest };
        }

        // On the loop, so that no snapshot is deleted under a reader's hands; a part is in the page cache, or soon.
        return await AskAsync(
            () => _raft.SnapshotFetched(new NodeId(request.ReplicaId), request.LeaderEpoch, NowMs)
                ? _snapshots.Read(request)
                : new() { ErrorCode = ErrorCode.NotLeaderOrFollower },
            cancellationToken).ConfigureAwait(false) ?? new() { ErrorCode = ErrorCode.NotLeaderOrFollower };
    }

    public async ValueTask<ErrorCode> TransferLeadershipAsync(int successor, CancellationToken cancellationToken) =>
        await AskAsync<ErrorCode?>(() => _raft.TransferLeadership(new NodeId(successor), NowMs) ? ErrorCode.None : ErrorCode.NotLeaderOrFollower, cancellationToken)
            .ConfigureAwait(false) ?? ErrorCode.NotLeaderOrFollower;

    public async ValueTask<TransferQuorumLeadershipResponse> TransferLeadershipAsync(
        TransferQuorumLeadershipRequest request, CancellationToken cancellationToken)
    {
        if (request.ClusterId is { } clusterId && clusterId != _options.ClusterId)
        {
            return new() { ErrorCode = ErrorCode.InconsistentClusterId, ErrorMessage = $"This is cluster {_options.ClusterId}." };
        }

        if (!_view.IsLeader)
        {
            return new() { ErrorCode = ErrorCode.NotLeaderOrFollower, ErrorMessage = "This node does not lead the quorum." };
        }

        var error = await TransferLeadershipAsync(request.SuccessorId, cancellationToken).ConfigureAwait(false);
        return new()
        {
            ErrorCode = error == ErrorCode.None ? ErrorCode.None : ErrorCode.InvalidRequest,
            ErrorMessage = error == ErrorCode.None ? null : $"Node {request.SuccessorId} is no other voter of the quorum, or it has not been heard of lately.",
        };
    }

    public async ValueTask<AddRaftVoterResponse> AddVoterAsync(
        AddRaftVoterRequest request, QuorumRequestOrigin origin, CancellationToken cancellationToken)
    {
        if (origin == QuorumRequestOrigin.ClientListener && !_view.IsLeader)
        {
            return await ForwardAsync(request, AddRaftVoterRequest.MaxVersion, cancellationToken).ConfigureAwait(false)
                ?? new() { ErrorCode = ErrorCode.NotLeaderOrFollower, ErrorMessage = NoLeader };
        }

        if (request.VoterId < 0 || request.Listeners is not [{ Port: > 0, Host.Length: > 0 and <= LongestHost }, ..])
        {
            // It would travel in the log to every node, for as long as the cluster lives.
            return new()
            {
                ErrorCode = ErrorCode.InvalidRequest,
                ErrorMessage = $"A voter has an id of 0 or more, and a listener with a port and a host of 1 to {LongestHost} characters.",
            };
        }

        var waitMs = Math.Clamp(request.TimeoutMs, 0, LongestAdminWaitMs);
        var endpoint = new HostAndPort(request.Listeners[0].Host, request.Listeners[0].Port);
        if (_view.IsLeader
            && (request.ClusterId is null || request.ClusterId == _options.ClusterId)
            && await WhyNoVoterAsync(request.VoterId, endpoint, cancellationToken).ConfigureAwait(false) is { } reason)
        {
            return new() { ErrorCode = ErrorCode.InvalidRequest, ErrorMessage = reason };
        }

        var result = await ChangeAsync(
            request.ClusterId,
            new VoterChangeRequest(new NodeId(request.VoterId), true, endpoint, NowMs + waitMs, request.AckWhenCommitted),
            cancellationToken).ConfigureAwait(false);
        return new() { ErrorCode = result.Error, ErrorMessage = result.Message };
    }

    /// <summary>
    /// A voter that no one can reach counts all the same, and could leave the quorum without a majority: so the node is
    /// asked, by what a leader tells its voters anyway.
    /// </summary>
    private async ValueTask<string?> WhyNoVoterAsync(int voterId, HostAndPort endpoint, CancellationToken cancellationToken)
    {
        if (voterId == _options.NodeId)
        {
            return null;
        }

        var greeting = new BeginQuorumLeaderEpochRequest
        {
            ClusterId = _options.ClusterId, LeaderId = _options.NodeId, VoterId = voterId, LeaderEpoch = _view.LeaderEpoch,
        };
        using var limit = new CancellationTokenSource(TimeSpan.FromMilliseconds(LongestGreetingMs), _timeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            await using var connection = await _connector.ConnectAsync(endpoint, either.Token).ConfigureAwait(false);
            var answer = await connection
                .SendAsync(greeting, BeginQuorumLeaderEpochRequest.MaxVersion, either.Token).ConfigureAwait(false);
            return answer.ErrorCode == ErrorCode.None
                ? null
                : $"{endpoint} is not node {voterId}'s controller listener: it answers {answer.ErrorCode}.";
        }
        catch (Exception unreachable) when (unreachable is SocketException or IOException or TimeoutException or ProtocolException
            || (unreachable is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return $"No controller listens at {endpoint}, where node {voterId} is to vote: {unreachable.Message} " +
                "A voter is a running node with process.roles=controller and the address of its controller listener.";
        }
    }

    public async ValueTask<RemoveRaftVoterResponse> RemoveVoterAsync(
        RemoveRaftVoterRequest request, QuorumRequestOrigin origin, CancellationToken cancellationToken)
    {
        if (origin == QuorumRequestOrigin.ClientListener && !_view.IsLeader)
        {
            return await ForwardAsync(request, RemoveRaftVoterRequest.MaxVersion, cancellationToken).ConfigureAwait(false)
                ?? new() { ErrorCode = ErrorCode.NotLeaderOrFollower, ErrorMessage = NoLeader };
        }

        var result = await ChangeAsync(
            request.ClusterId,
            new VoterChangeRequest(new NodeId(request.VoterId), false, null, NowMs + RemovalTimeoutMs, true),
            cancellationToken).ConfigureAwait(false);
        return new() { ErrorCode = result.Error, ErrorMessage = result.Message };
    }

    private const string NoLeader = "The quorum of controllers has no leader that can be reached.";

    private static TaskCompletionSource<T> NewReply<T>() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ErrorCode Refusal(string clusterId, int from, int to, long offset)
    {
        if (clusterId != _options.ClusterId)
        {
            return ErrorCode.InconsistentClusterId;
        }

        if (to != _options.NodeId)
        {
            return ErrorCode.InvalidVoterKey;
        }

        return from < 0 || from == _options.NodeId || offset < 0 ? ErrorCode.InvalidRequest : ErrorCode.None;
    }

    private async ValueTask<ErrorCode> TellAsync(RaftMessage message, CancellationToken cancellationToken) =>
        await PostAsync(() => _raft.Step(message, NowMs), cancellationToken).ConfigureAwait(false)
            ? ErrorCode.None
            : ErrorCode.RequestTimedOut;

    /// <summary>Looks at something on the loop; the default when there is no loop any more.</summary>
    private async ValueTask<T?> AskAsync<T>(Func<T> question, CancellationToken cancellationToken)
    {
        var reply = NewReply<T?>();
        return await PostAsync(() => reply.SetResult(question()), cancellationToken).ConfigureAwait(false)
            ? await AnswerAsync(reply.Task, cancellationToken).ConfigureAwait(false)
            : default;
    }

    /// <summary>What the loop says to work that was posted; the default when it has stopped before it came to it.</summary>
    private async ValueTask<T?> AnswerAsync<T>(Task<T?> answer, CancellationToken cancellationToken)
    {
        await Task.WhenAny(answer, _loop.Ended).WaitAsync(cancellationToken).ConfigureAwait(false);
        return answer.IsCompletedSuccessfully ? await answer.ConfigureAwait(false) : default;
    }

    private async ValueTask<VoterChangeResult> ChangeAsync(string? clusterId, VoterChangeRequest change, CancellationToken cancellationToken)
    {
        if (clusterId is not null && clusterId != _options.ClusterId)
        {
            return new(ErrorCode.InconsistentClusterId, $"This is cluster {_options.ClusterId}.");
        }

        return await PostAsync(() => _voterChanges.Add(change, NowMs), cancellationToken).ConfigureAwait(false)
            && await AnswerAsync(change.Result.Task, cancellationToken).ConfigureAwait(false) is { } result
            ? result
            : VoterChangeResult.NotLeader;
    }

    private HostAndPort? KnownEndpoint(NodeId node) => EndpointsOf(node) is [var first, ..] ? first : null;

    /// <summary>Passes a request on to the leader; null when there is none that answers.</summary>
    private async ValueTask<TResponse?> ForwardAsync<TResponse>(
        IRequestMessage<TResponse> request, short version, CancellationToken cancellationToken)
        where TResponse : class, IResponseMessage, IApiMessage, new()
    {
        if (_view is not { IsLeader: false, LeaderId: { } leader })
        {
            return null;
        }

        foreach (var endpoint in EndpointsOf(new NodeId(leader)))
        {
            try
            {
                var connection = await _connector.ConnectAsync(endpoint, cancellationToken).ConfigureAwait(false);
                await using (connection.ConfigureAwait(false))
                {
                    return await connection.SendAsync(request, version, cancellationToken).ConfigureAwait(false);
                }
            }
            catch (Exception lost) when (QuorumPeer.IsLoss(lost) && !cancellationToken.IsCancellationRequested)
            {
                // It may be at another of its endpoints; if not, the caller asks again.
            }
        }

        return null;
    }
}

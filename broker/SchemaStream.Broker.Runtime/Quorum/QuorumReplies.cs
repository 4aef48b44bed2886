using SchemaStream.Broker.Raft;
using SchemaStream.Broker.Raft.Messages;

namespace SchemaStream.Broker.Runtime.Quorum;

/// <summary>
/// Requests of other nodes that wait for the machine's answer: of each node one of a kind, as a newer one stands for the
/// older. Used on the quorum's loop alone.
/// </summary>
internal sealed class QuorumReplies
{
    private readonly Dictionary<(NodeId Node, bool IsPreVote), Waiting<VoteResponse>> _votes = [];
    private readonly Dictionary<NodeId, Waiting<FetchResponse>> _fetches = [];

    public void Add(VoteRequest request, TaskCompletionSource<VoteResponse?> reply, long deadlineMs)
    {
        if (_votes.Remove((request.From, request.IsPreVote), out var older))
        {
            older.Reply.TrySetResult(null);
        }

        _votes[(request.From, request.IsPreVote)] = new(request, reply, deadlineMs);
    }

    public void Add(FetchRequest request, TaskCompletionSource<FetchResponse?> reply, long deadlineMs)
    {
        if (_fetches.Remove(request.From, out var older))
        {
            older.Reply.TrySetResult(null);
        }

        _fetches[request.From] = new(request, reply, deadlineMs);
    }

    /// <summary>Gives the machine's answer to whom it is for; one that no one waits for is dropped.</summary>
    public void Complete(RaftMessage message)
    {
        switch (message)
        {
            case VoteResponse vote when _votes.Remove((vote.To, vote.IsPreVote), out var waiting):
                waiting.Reply.TrySetResult(vote);
                break;
            case FetchResponse fetch when _fetches.TryGetValue(fetch.To, out var waiting) && IsAnswer(fetch, waiting.Request):
                _fetches.Remove(fetch.To);
                waiting.Reply.TrySetResult(fetch);
                break;
        }
    }

    /// <summary>What the machine did not answer in its time it will not answer.</summary>
    public void Expire(long nowMs)
    {
        if (_votes.Count > 0 || _fetches.Count > 0)
        {
            ExpireLate(nowMs);
        }
    }

    private void ExpireLate(long nowMs)
    {
        foreach (var (key, late) in _votes.Where(entry => nowMs >= entry.Value.DeadlineMs).ToArray())
        {
            _votes.Remove(key);
            late.Reply.TrySetResult(null);
        }

        foreach (var (node, late) in _fetches.Where(entry => nowMs >= entry.Value.DeadlineMs).ToArray())
        {
            _fetches.Remove(node);
            late.Reply.TrySetResult(null);
        }
    }

    private static bool IsAnswer(FetchResponse response, RaftMessage request) =>
        request is FetchRequest fetch && fetch.LogEnd == response.LogEnd;

    private sealed record Waiting<TResponse>(RaftMessage Request, TaskCompletionSource<TResponse?> Reply, long DeadlineMs);
}

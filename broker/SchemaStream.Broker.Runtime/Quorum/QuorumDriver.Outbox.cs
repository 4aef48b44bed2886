using System.Collections.Immutable;
using SchemaStream.Broker.Raft;
using SchemaStream.Broker.Raft.Log;
using SchemaStream.Broker.Raft.Messages;

namespace SchemaStream.Broker.Runtime.Quorum;

/// <content>What the machine says, to others and to the controller here; and what others say to it.</content>
internal sealed partial class QuorumDriver
{
    /// <summary>Nodes that are spoken to besides the voters.</summary>
    private const int MaxPeers = 64;

    private readonly Dictionary<NodeId, string> _refusals = [];
    private volatile ImmutableDictionary<NodeId, HostAndPort> _learned = ImmutableDictionary<NodeId, HostAndPort>.Empty;
    private volatile ImmutableDictionary<NodeId, ImmutableArray<HostAndPort>> _endpoints =
        ImmutableDictionary<NodeId, ImmutableArray<HostAndPort>>.Empty;

    void IQuorumOutbox.Send(RaftMessage message)
    {
        if (message is VoteResponse or FetchResponse)
        {
            _replies.Complete(message);
            return;
        }

        if (!_peers.TryGetValue(message.To, out var peer))
        {
            if (_peers.Count >= MaxPeers && !_raft.Voters.Contains(message.To))
            {
                return; // someone names ever new leaders
            }

            peer = new QuorumPeer(message.To, this, _connector, _options, _raftOptions, _timeProvider);
            _peers.Add(message.To, peer);
        }

        peer.Send(message);
    }

    void IQuorumOutbox.Download(NodeId leader, EpochEnd snapshot) => _snapshots.Download(leader, snapshot);

    void IQuorumOutbox.Complete(Ready ready)
    {
        foreach (var refusal in ready.Refusals)
        {
            QuorumLog.Contradicted(_logger, refusal);
        }

        // First who leads: what this node proposed and no longer stands behind must not be taken for replayed.
        Announce(_view.IsReady && _raft.IsReady && _view.LeaderEpoch == _raft.LeaderEpoch);
        var isAllApplied = _replay.Apply(ready.HighWatermark);
        if (_view.HighWatermark != _replay.Applied.EndOffset)
        {
            _view = _view with { HighWatermark = _replay.Applied.EndOffset };
            _machine.Committed(_view.HighWatermark);
        }

        if (!isAllApplied)
        {
            // The rest in a round of its own. A full queue has one coming anyway.
            _loop.Post(static () => { });
        }
        else if (_raft.IsReady && !_view.IsReady)
        {
            QuorumLog.Leads(_logger, _options.NodeId, _raft.LeaderEpoch, _raft.LogEndOffset);
            Announce(isReady: true);
            TellOwnEndpoint();
        }

        // At the end: the next change may leave this node alone, and what it appends then is not on disk before the next round.
        _voterChanges.Committed(ready.HighWatermark, NowMs);
    }

    public IReadOnlyList<HostAndPort> EndpointsOf(NodeId node) => _endpoints.GetValueOrDefault(node, []);

    void IQuorumPeerOwner.Received(RaftMessage message) => _loop.Post(() =>
    {
        _refusals.Remove(message.From);
        _raft.Step(message, NowMs);
    });

    void IQuorumPeerOwner.Learned(NodeId node, HostAndPort endpoint) => _loop.Post(() =>
    {
        if (_learned.GetValueOrDefault(node) != endpoint && (_learned.Count < _raftOptions.MaxObservers || _learned.ContainsKey(node)))
        {
            _learned = _learned.SetItem(node, endpoint);
            FindEndpoints();
        }
    });

    void IQuorumPeerOwner.Unreachable(NodeId node) => _loop.Post(() => _raft.LeaderUnreachable(node, NowMs));

    void IQuorumPeerOwner.Refused(NodeId node, string reason) => _loop.Post(() =>
    {
        if (_refusals.GetValueOrDefault(node) != reason)
        {
            _refusals[node] = reason;
            QuorumLog.Refused(_logger, node.Value, reason);
        }
    });

    void IQuorumPeerOwner.Failed(Exception cause) => _loop.Fail(cause);

    private void Announce(bool isReady)
    {
        // Looked at in every round, and nearly always as before.
        if (_raft.Leader?.Value == _view.LeaderId
            && _raft.LeaderEpoch == _view.LeaderEpoch
            && isReady == _view.IsReady
            && ReferenceEquals(_raft.Voters, _announcedVoters))
        {
            return;
        }

        _announcedVoters = _raft.Voters;
        var view = NewView(isReady);
        var isSame = view.LeaderId == _view.LeaderId
            && view.LeaderEpoch == _view.LeaderEpoch
            && view.IsReady == _view.IsReady
            && view.Voters.SequenceEqual(_view.Voters);
        if (isSame)
        {
            return;
        }

        if (!_raft.IsLeader)
        {
            _replay.Forget();
        }

        if (view.LeaderId != _view.LeaderId && view.LeaderId is not null)
        {
            QuorumLog.LeaderIs(_logger, view.LeaderId, view.LeaderEpoch, _raft.Voters);
        }

        _view = view;
        FindEndpoints();
        _machine.LeadershipChanged(view);
    }

    private QuorumView NewView(bool isReady) => new(
        _options.NodeId,
        _raft.Leader?.Value,
        _raft.LeaderEpoch,
        isReady,
        _view?.HighWatermark ?? 0,
        _raft.Voters.Nodes.ToImmutableSortedDictionary(
            node => node.Value, node => _raft.Voters.EndpointOf(node) ?? Configured(node) ?? new HostAndPort("", 0)));

    private HostAndPort? Configured(NodeId node) => _options.Voters.TryGetValue(node.Value, out var endpoint) ? endpoint : null;

    /// <summary>The log's word first, then the configuration's, then what a node last said: one of them may have moved.</summary>
    private void FindEndpoints()
    {
        var nodes = _raft.Voters.Nodes.Union(_options.Voters.Keys.Select(id => new NodeId(id))).Union(_learned.Keys);
        _endpoints = nodes.ToImmutableDictionary(
            node => node,
            node => new HostAndPort?[] { _raft.Voters.EndpointOf(node), Configured(node), _learned.TryGetValue(node, out var said) ? said : null }
                .Where(endpoint => endpoint is not null)
                .Select(endpoint => endpoint!.Value)
                .Distinct()
                .ToImmutableArray());
    }

    /// <summary>A leader that was moved, or had no listener when it began, makes its endpoint known by way of the log.</summary>
    private void TellOwnEndpoint()
    {
        var self = _raft.Id;
        if (Configured(self) is { } endpoint && _raft.Voters.Contains(self) && _raft.Voters.EndpointOf(self) != endpoint)
        {
            _raft.ChangeVoters(_raft.Voters.With(self, endpoint), NowMs);
        }
    }
}

using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using SchemaStream.Broker.Raft;
using SchemaStream.Broker.Raft.Log;
using SchemaStream.Broker.Runtime.Access;
using SchemaStream.Broker.Storage.Directories;
using SchemaStream.Broker.Storage.Files;
using SchemaStream.Protocol;

namespace SchemaStream.Broker.Runtime.Quorum;

/// <summary>
/// This node's part in the quorum of controllers: feeds the machine with messages, work and time, and carries out what it
/// returns, on one loop. A disk that fails ends it: metadata that is not known to be on disk must not be acted on.
/// </summary>
internal sealed partial class QuorumDriver : IQuorum, IQuorumAccess, IQuorumLoopOwner, IQuorumOutbox, IQuorumPeerOwner, IAsyncDisposable
{
    private const int LongestPollMs = 500;
    private const int LongestTickMs = 25;

    private static readonly TimeSpan FarewellTimeout = TimeSpan.FromSeconds(1);

    private readonly QuorumOptions _options;
    private readonly RaftOptions _raftOptions;
    private readonly IQuorumConnector _connector;
    private readonly TimeProvider _timeProvider;
    private readonly ILogger _logger;
    private readonly QuorumStore _store;
    private readonly QuorumLoop _loop;
    private readonly QuorumRaft _raft;
    private readonly VoterChanges _voterChanges;
    private readonly QuorumReplies _replies = new();
    private readonly Dictionary<NodeId, QuorumPeer> _peers = [];
    private IQuorumStateMachine _machine = null!;
    private QuorumReplay _replay = null!;
    private QuorumSnapshots _snapshots = null!;
    private volatile QuorumView _view;
    private VoterSet? _announcedVoters;
    private bool _isStarted;
    private int _stopped;

    private QuorumDriver(QuorumStore store, QuorumOptions options, IQuorumConnector connector, TimeProvider timeProvider, ILogger logger)
    {
        _options = options;
        _store = store;
        _connector = connector;
        _timeProvider = timeProvider;
        _logger = logger;
        _loop = new QuorumLoop(options.QueueCapacity, timeProvider);
        var fetchTimeoutMs = (int)options.FetchTimeout.TotalMilliseconds;
        var pollMs = Math.Min(LongestPollMs, fetchTimeoutMs / 4);
        _raftOptions = new RaftOptions((int)options.ElectionTimeout.TotalMilliseconds, fetchTimeoutMs, pollMs, pollMs);
        _raft = new QuorumRaft(
            new NodeId(options.NodeId),
            _raftOptions,
            store.State,
            store.SnapshotVoters ?? ConfiguredVoters(options),
            store.Snapshot,
            store.ReadOutline(),
            new Random(),
            _loop.NowMs);
        _voterChanges = new VoterChanges(_raft);
        _view = NewView(isReady: false);
        FindEndpoints();
    }

    public QuorumView View => _view;

    public Task Fault => _loop.Fault;

    public long NowMs => _loop.NowMs;

    /// <summary>What is to be checkpointed of the log; for a clean stop, once the quorum has stopped.</summary>
    public LogCheckpoint Checkpoint => _store.CheckpointAt(_view.HighWatermark);

    public string ClusterId => _options.ClusterId;

    /// <summary>The first offset that the log still holds; before it there is a snapshot.</summary>
    public long LogStartOffset => _store.LogStartOffset;

    /// <summary>Opens what the data directory holds of the quorum. Nothing runs before <see cref="Start"/>.</summary>
    /// <exception cref="LogStorageException">The disk fails, or what it holds cannot be put together.</exception>
    public static QuorumDriver Open(
        DataDirectory data, QuorumOptions options, IQuorumConnector connector, TimeProvider timeProvider, ILoggerFactory loggers)
    {
        var logger = loggers.CreateLogger<QuorumDriver>();
        var store = QuorumStore.Open(data, new NodeId(options.NodeId), options.FetchMaxBytes, timeProvider, logger);
        try
        {
            return new QuorumDriver(store, options, connector, timeProvider, logger);
        }
        catch
        {
            store.Dispose();
            throw;
        }
    }

    /// <summary>Begins to take part; the first call of the state machine is on its way when this returns.</summary>
    public void Start(IQuorumStateMachine machine)
    {
        _machine = machine;
        _replay = new QuorumReplay(_store, machine);
        var download = new QuorumDownload(this, _connector, _store.Directory, _options, _timeProvider);
        _snapshots = new QuorumSnapshots(_loop, _store, _raft, _replay, machine, download, _options, _timeProvider, _logger);
        _isStarted = true;
        var tickMs = Math.Clamp(Math.Min(_raftOptions.ElectionTimeoutMs, _raftOptions.FetchTimeoutMs) / 20, 1, LongestTickMs);
        _loop.Start(this, TimeSpan.FromMilliseconds(tickMs));
    }

    public bool Post(Action work) => _loop.Post(work);

    public ValueTask<bool> PostAsync(Action work, CancellationToken cancellationToken) => _loop.PostAsync(work, cancellationToken);

    public long Propose(IReadOnlyList<IRecordMessage> records)
    {
        Invariant.That(_view.IsReady && records.Count > 0, "only a leader that is ready proposes, and something");
        if (!_raft.IsReady || _raft.LeaderEpoch != _view.LeaderEpoch)
        {
            // It lost its office in this very round, and is told at its end: what it proposes until then goes nowhere.
            return _raft.LogEndOffset + records.Count - 1;
        }

        var payload = QuorumBatches.Build(
            _raft.LogEndOffset, _raft.LeaderEpoch, records, _timeProvider.GetUtcNow().ToUnixTimeMilliseconds());
        if (payload.Length > QuorumBatches.MaxBatchBytes)
        {
            // Nothing has changed yet, so it costs no one but who asked for it.
            throw new ProtocolException(
                $"A batch of the metadata log: expected at most {QuorumBatches.MaxBatchBytes} bytes, found {payload.Length}");
        }

        var batch = new LogBatch(_raft.LogEndOffset, records.Count, _raft.LeaderEpoch, payload);
        _replay.Remember(batch, records);
        return _raft.Propose(payload, records.Count, NowMs)!.Value - 1;
    }

    /// <summary>Lays leadership down, so that the others need not notice first, and lets go of the disk.</summary>
    /// <exception cref="LogStorageException">The log could not be closed: the next start has to look at it.</exception>
    public async Task StopAsync()
    {
        if (Interlocked.Exchange(ref _stopped, 1) != 0)
        {
            return;
        }

        if (_isStarted)
        {
            var leads = _view.IsLeader && _view.Voters.Count > 1;
            if (leads && await PostAsync(() => _raft.Resign(NowMs), CancellationToken.None).ConfigureAwait(false))
            {
                await SayFarewellAsync().ConfigureAwait(false);
            }

            _loop.Complete();
            await _loop.Ended.ConfigureAwait(false);
            await _snapshots.DisposeAsync().ConfigureAwait(false);
            foreach (var peer in _peers.Values)
            {
                await peer.DisposeAsync().ConfigureAwait(false);
            }
        }

        _loop.Dispose();
        try
        {
            if (!Fault.IsFaulted)
            {
                _store.Close();
            }
        }
        finally
        {
            _store.Dispose();
        }
    }

    public async ValueTask DisposeAsync() => await StopAsync().ConfigureAwait(false);

    void IQuorumLoopOwner.Begin()
    {
        if (_store.Snapshot is { } snapshot)
        {
            _replay.Load(snapshot);
        }

        _machine.LeadershipChanged(_view);
        EndRound();
    }

    void IQuorumLoopOwner.Tick()
    {
        var nowMs = NowMs;
        _raft.Tick(nowMs);
        _replies.Expire(nowMs);
        _voterChanges.Advance(nowMs);
        _machine.Tick(nowMs);
        _snapshots.TakeIfDue();
    }

    void IQuorumLoopOwner.EndRound() => EndRound();

    void IQuorumLoopOwner.End(Exception? fault)
    {
        if (fault is not null)
        {
            QuorumLog.Failed(_logger, fault);
        }

        _replies.Expire(long.MaxValue);
        _voterChanges.Stop();
        _view = _view with { LeaderId = null, IsReady = false };
        _machine.LeadershipChanged(_view);
    }

    private static VoterSet ConfiguredVoters(QuorumOptions options) => options.Voters.IsEmpty
        ? new VoterSet([new NodeId(options.NodeId)])
        : new VoterSet(options.Voters.ToImmutableSortedDictionary(voter => new NodeId(voter.Key), voter => (HostAndPort?)voter.Value));

    /// <summary>What was asked for in this round, and what follows from carrying it out.</summary>
    private void EndRound()
    {
        do
        {
            QuorumWork.CarryOut(_raft.TakeReady(), _store, this);
        }
        while (_raft.HasWork);
    }

    /// <summary>Waits until the others were told that this node leads no more, or for as long as that is worth.</summary>
    private async Task SayFarewellAsync()
    {
        var told = new TaskCompletionSource<Task>(TaskCreationOptions.RunContinuationsAsynchronously);

        // Behind the round in which the messages were handed to the peers.
        if (await PostAsync(
            () => Post(() => told.SetResult(Task.WhenAll(_peers.Values.Select(peer => peer.DrainAsync())))), CancellationToken.None)
            .ConfigureAwait(false))
        {
            try
            {
                await Task.WhenAny(_loop.Ended, told.Task.Unwrap()).WaitAsync(FarewellTimeout, _timeProvider).ConfigureAwait(false);
            }
            catch (TimeoutException)
            {
                // Those who were not reached find out by themselves.
            }
        }
    }
}

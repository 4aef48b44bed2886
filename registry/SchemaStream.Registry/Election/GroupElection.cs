using Microsoft.Extensions.Logging;
using SchemaStream.Protocol;
using SchemaStream.Protocol.Client;
using SchemaStream.Protocol.Client.Clusters;

namespace SchemaStream.Registry.Election;

/// <summary>Keeps this instance in the group of registries, and knows who leads it.</summary>
internal sealed class GroupElection : ILeadership, IAsyncDisposable
{
    private const short JoinVersion = 5;
    private const short SyncVersion = 3;
    private const short HeartbeatVersion = 3;
    private const short LeaveVersion = 3;

    private readonly KafkaCluster _cluster;
    private readonly string _group;
    private readonly ElectionMachine _machine;
    private readonly Backoff _backoff;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _lock = new();
    private readonly Action _onLeading;
    private readonly KafkaStoreOptions _options;
    private readonly Task _membership;
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private LeaderView _view = new(null, false);
    private long _lastHeard;

    private GroupElection(
        KafkaCluster cluster,
        string group,
        ElectionMachine machine,
        Backoff backoff,
        KafkaStoreOptions options,
        TimeProvider time,
        ILogger logger,
        Action onLeading)
    {
        _options = options;
        _cluster = cluster;
        _group = group;
        _machine = machine;
        _backoff = backoff;
        _time = time;
        _logger = logger;
        _onLeading = onLeading;
        _lastHeard = time.GetTimestamp();
        _membership = Task.Run(RunAsync);
    }

    /// <summary>Whether this instance leads. No longer than a session without a sign of the group.</summary>
    public bool IsLeader => Volatile.Read(ref _view).IsSelf && !HasLapsed;

    /// <summary>Who leads, as far as this instance knows.</summary>
    public MemberIdentity? Leader => Volatile.Read(ref _view).Leader;

    /// <summary>The other instance that leads, as far as this one knows.</summary>
    public MemberIdentity? Other => Volatile.Read(ref _view) is { IsSelf: false, Leader: { } leader } ? leader : null;

    private bool HasLapsed => _time.GetElapsedTime(Volatile.Read(ref _lastHeard)) > _options.SessionTimeout;

    /// <param name="cluster">The cluster whose group it is.</param>
    /// <param name="group">The group's name.</param>
    /// <param name="self">This instance.</param>
    /// <param name="options">Sessions, and whom this instance chooses where it is asked to.</param>
    /// <param name="backoff">Between tries.</param>
    /// <param name="time">The clock of sessions.</param>
    /// <param name="logger">Told who leads.</param>
    /// <param name="onLeading">Called whenever this instance begins to lead; returns at once.</param>
    public static GroupElection Start(
        KafkaCluster cluster,
        string group,
        MemberIdentity self,
        KafkaStoreOptions options,
        Backoff backoff,
        TimeProvider time,
        ILogger logger,
        Action onLeading) =>
        new(cluster, group, new ElectionMachine(group, self, options), backoff, options, time, logger, onLeading);

    public async ValueTask<bool> SettleAsync(CancellationToken cancellationToken)
    {
        var start = _time.GetTimestamp();
        while (Leader is null && _options.LeaderTimeout - _time.GetElapsedTime(start) is { Ticks: > 0 } left)
        {
            // Nobody may come of it: the caller sees that from who leads.
            await ChangedAsync(seen: null, left, cancellationToken).ConfigureAwait(false);
        }

        return IsLeader;
    }

    /// <summary>Waits, for a while, until another leads than was seen last.</summary>
    public async ValueTask ChangedAsync(MemberIdentity? seen, TimeSpan atMost, CancellationToken cancellationToken)
    {
        Task changed;
        lock (_lock)
        {
            if (_view.Leader != seen)
            {
                return;
            }

            changed = _changed.Task;
        }

        try
        {
            await changed.WaitAsync(atMost, _time, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // All is as it was.
        }
    }

    /// <summary>Leaves the group, so that another one leads at once.</summary>
    public async ValueTask DisposeAsync()
    {
        await StopAsync().ConfigureAwait(false);
        if (!_machine.IsMember)
        {
            return;
        }

        try
        {
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(2), _time);
            var coordinator = await _cluster
                .CoordinatorAsync(CoordinatorKind.Group, _group, ConnectionUse.Shared, limit.Token).ConfigureAwait(false);
            await coordinator.SendAsync(_machine.Leave(), LeaveVersion, limit.Token).ConfigureAwait(false);
        }
        catch (Exception unreachable) when (KafkaCluster.IsPassing(unreachable) || unreachable is OperationCanceledException)
        {
            // The session runs out by itself.
            RegistryMessages.ElectionInterrupted(_logger, _group, unreachable);
        }
    }

    /// <summary>Stops without a word to the group, as a process does that is killed.</summary>
    internal async Task StopAsync()
    {
        if (!_stop.IsCancellationRequested)
        {
            await _stop.CancelAsync().ConfigureAwait(false);
        }

        await _membership.ConfigureAwait(false);
    }

    private async Task RunAsync()
    {
        var stop = _stop.Token;
        while (!stop.IsCancellationRequested)
        {
            try
            {
                // A connection of its own: a join waits for the others.
                var coordinator = await _cluster
                    .CoordinatorAsync(CoordinatorKind.Group, _group, ConnectionUse.Own, stop).ConfigureAwait(false);
                await using var whileMember = coordinator.ConfigureAwait(false);
                while (!stop.IsCancellationRequested)
                {
                    KafkaErrorException.Require(await StepAsync(coordinator, stop).ConfigureAwait(false), $"Group {_group}");
                    _backoff.Reset();
                }
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return;
            }
#pragma warning disable CA1031 // The membership's loop: were it to end, this instance would never lead nor know who does.
            catch (Exception failure)
#pragma warning restore CA1031
            {
                RegistryMessages.ElectionInterrupted(_logger, _group, failure);
                ForgetWhenLapsed();
                await Task.Delay(_backoff.Next(), _time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task<ErrorCode> StepAsync(KafkaConnection coordinator, CancellationToken stop)
    {
        switch (_machine.Phase)
        {
            case ElectionPhase.Join:
                var joined = _machine.Joined(
                    await coordinator.SendAsync(_machine.Join(), JoinVersion, stop).ConfigureAwait(false));
                Show(joined);
                return joined;
            case ElectionPhase.Sync:
                var synced = _machine.Synced(
                    await coordinator.SendAsync(_machine.Sync(), SyncVersion, stop).ConfigureAwait(false));
                Show(synced);
                return synced;
            default:
                await Task.Delay(_options.HeartbeatInterval, _time, stop).ConfigureAwait(false);
                var beaten = _machine.Beaten(
                    await coordinator.SendAsync(_machine.Heartbeat(), HeartbeatVersion, stop).ConfigureAwait(false));
                Show(beaten);
                return beaten;
        }
    }

    private void ForgetWhenLapsed()
    {
        if (HasLapsed && _view.Leader is not null)
        {
            _machine.Lapsed();
            Show(ErrorCode.NetworkException);
        }
    }

    /// <summary>Shows what the machine holds now to everyone who asks.</summary>
    private void Show(ErrorCode outcome)
    {
        if (outcome == ErrorCode.None)
        {
            Volatile.Write(ref _lastHeard, _time.GetTimestamp());
        }

        var view = new LeaderView(_machine.Assignment.Leader, _machine.IsLeader);
        bool begins;
        lock (_lock)
        {
            if (view == _view)
            {
                return;
            }

            begins = view.IsSelf && !_view.IsSelf;
            Volatile.Write(ref _view, view);
        }

        RegistryMessages.LeaderIs(_logger, _group, view.Leader?.Url ?? "nobody", view.IsSelf);
        if (_machine.Assignment.Error == Assignment.DuplicateUrls)
        {
            RegistryMessages.DuplicateUrls(_logger, _group);
        }

        if (view.Leader is { Log: { } log, Url: var url } && log != _options.Log)
        {
            RegistryMessages.AnotherLog(_logger, _group, url, log, _options.Log);
        }

        if (begins)
        {
            // Before anyone who waits for a leader is let go: what the last one left torn is mended first.
            _onLeading();
        }

        TaskCompletionSource changed;
        lock (_lock)
        {
            changed = _changed;
            _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        changed.SetResult();
    }

    private sealed record LeaderView(MemberIdentity? Leader, bool IsSelf);
}

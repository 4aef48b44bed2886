using Microsoft.Extensions.Logging;
using SchemaStream.Registry.Core.Commands;
using SchemaStream.Registry.Election;
using SchemaStream.Registry.Forwarding;
using SchemaStream.Registry.Logs.Kafka;

namespace SchemaStream.Registry;

/// <summary>This instance among those that share its log: one of the group from the moment it listens, or is not alone any more.</summary>
/// <remarks>
/// An instance that has nobody beside it as a rule leads without a group, and the cluster need not keep one. That others
/// have come shows in the log: who comes to lead writes there first. Until the group has answered, this one may go on
/// writing for a moment; the log keeps one of the two out, and what it wrote is decided anew.
/// </remarks>
internal sealed class Peers : ILeadership, IAsyncDisposable
{
    private readonly KafkaLog _log;
    private readonly KafkaStoreOptions _store;
    private readonly string _group;
    private readonly RegistryWriter _writer;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Lock _lock = new();
    private readonly TaskCompletionSource<GroupElection> _joined = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _stop = new();
    private (MemberIdentity Self, ClusterRole Role)? _place;
    private bool _isAlone;
    private RequestForwarder? _forwarder;
    private Task _takingOver = Task.CompletedTask;

    public Peers(KafkaLog log, KafkaStoreOptions store, string group, RegistryWriter writer, TimeProvider time, ILogger logger)
    {
        _log = log;
        _store = store;
        _group = group;
        _writer = writer;
        _time = time;
        _logger = logger;
        _isAlone = store.Election == LeaderElection.WhenOthersWrite;
        if (_isAlone)
        {
            log.OnOther = NoticeOther;
        }
    }

    /// <summary>What all of the group keep their log in.</summary>
    public string Log => _store.Log;

    public bool IsLeader => Volatile.Read(ref _isAlone) || (_joined.Task.IsCompletedSuccessfully && _joined.Task.Result.IsLeader);

    public async ValueTask<bool> SettleAsync(CancellationToken cancellationToken)
    {
        if (Volatile.Read(ref _isAlone))
        {
            return true;
        }

        var election = await _joined.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        return await election.SettleAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>From now on this instance can be reached, at the address that it listens at.</summary>
    public void Listen(Uri address, ClusterRole role)
    {
        lock (_lock)
        {
            _place = (new MemberIdentity(
                address.Scheme,
                _store.AdvertisedHost ?? address.Host,
                address.Port,
                _store.Eligibility == LeaderEligibility.Eligible,
                IsLeader: false) { Log = _store.Log }, role);
            JoinIfDue();
        }
    }

    /// <summary>Leaves the group, before the writer ends.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (_lock)
        {
            // Who is alone does not join any more.
            _joined.TrySetCanceled();
        }

        if (_joined.Task.IsCompletedSuccessfully)
        {
            await _joined.Task.Result.DisposeAsync().ConfigureAwait(false);
        }

        // A log that is not read yet lets nobody take it over, and need not be waited for.
        await _stop.CancelAsync().ConfigureAwait(false);
        await _takingOver.ConfigureAwait(false);
        _forwarder?.Dispose();
        _stop.Dispose();
    }

    private void NoticeOther()
    {
        if (!Volatile.Read(ref _isAlone))
        {
            return;
        }

        lock (_lock)
        {
            if (_isAlone)
            {
                RegistryMessages.NotAlone(_logger, _store.Topic);
                Volatile.Write(ref _isAlone, false);
                JoinIfDue();
            }
        }
    }

    private void JoinIfDue()
    {
        if (_isAlone || _place is not var (self, role) || _joined.Task.IsCompleted)
        {
            return;
        }

        var election = GroupElection.Start(
            _log.Cluster, _group, self, _store, _log.NewBackoff(), _time, _logger, () => _takingOver = TakeOverAsync());
        _forwarder = new RequestForwarder(election, _log, _writer, _store, _time, _logger);
        role.Join(_forwarder);
        _joined.SetResult(election);
    }

    /// <summary>Goes without a word, as a process does that is killed.</summary>
    internal Task VanishAsync() => _joined.Task.IsCompletedSuccessfully ? _joined.Task.Result.StopAsync() : Task.CompletedTask;

    /// <summary>Takes the log over at once, so that the first writer need not wait, and mends what the last leader left torn.</summary>
    private async Task TakeOverAsync()
    {
        try
        {
            var withdrawn = await _writer.SubmitAsync(new WithdrawTornClaims(), _stop.Token).ConfigureAwait(false);
            if (withdrawn.TryGet(out var topics, out var error))
            {
                if (topics.Count > 0)
                {
                    RegistryMessages.ClaimsWithdrawn(_logger, string.Join(", ", topics));
                }
            }
            else
            {
                RegistryMessages.TakeOverFailed(_logger, error.Message);
            }
        }
        catch (Exception replaced) when (replaced is NotLeaderException or OperationCanceledException)
        {
            RegistryMessages.TakeOverFailed(_logger, replaced.Message);
        }
    }
}

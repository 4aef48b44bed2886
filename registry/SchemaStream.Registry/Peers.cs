using Microsoft.Extensions.Logging;
using SchemaStream.Registry.Core.Commands;
using SchemaStream.Registry.Election;
using SchemaStream.Registry.Forwarding;
using SchemaStream.Registry.Logs.Kafka;

namespace SchemaStream.Registry;

/// <summary>This instance among those that share its log: from the moment it listens it is one of the group.</summary>
internal sealed class Peers(
    KafkaLog log, KafkaStoreOptions store, string group, RegistryWriter writer, TimeProvider time, ILogger logger)
    : ILeadership, IAsyncDisposable
{
    private readonly TaskCompletionSource<GroupElection> _joined = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _stop = new();
    private RequestForwarder? _forwarder;
    private Task _takingOver = Task.CompletedTask;

    public bool IsLeader => _joined.Task.IsCompletedSuccessfully && _joined.Task.Result.IsLeader;

    public async ValueTask<bool> SettleAsync(CancellationToken cancellationToken)
    {
        var election = await _joined.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        return await election.SettleAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Joins the group under the address that this instance listens at.</summary>
    public void Join(Uri address, ClusterRole role)
    {
        var self = new MemberIdentity(
            address.Scheme,
            store.AdvertisedHost ?? address.Host,
            address.Port,
            store.Eligibility == LeaderEligibility.Eligible,
            IsLeader: false);
        var election = GroupElection.Start(
            log.Cluster, group, self, store, log.NewBackoff(), time, logger, () => _takingOver = TakeOverAsync());
        _forwarder = new RequestForwarder(election, log, writer, store, time, logger);
        role.Join(_forwarder);
        _joined.SetResult(election);
    }

    /// <summary>Leaves the group, before the writer ends.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_joined.Task.IsCompletedSuccessfully)
        {
            await _joined.Task.Result.DisposeAsync().ConfigureAwait(false);
        }
        else
        {
            _joined.TrySetCanceled();
        }

        // A log that is not read yet lets nobody take it over, and need not be waited for.
        await _stop.CancelAsync().ConfigureAwait(false);
        await _takingOver.ConfigureAwait(false);
        _forwarder?.Dispose();
        _stop.Dispose();
    }

    /// <summary>Goes without a word, as a process does that is killed.</summary>
    internal Task VanishAsync() => _joined.Task.IsCompletedSuccessfully ? _joined.Task.Result.StopAsync() : Task.CompletedTask;

    /// <summary>Takes the log over at once, so that the first writer need not wait, and mends what the last leader left torn.</summary>
    private async Task TakeOverAsync()
    {
        try
        {
            var withdrawn = await writer.SubmitAsync(new WithdrawTornClaims(), _stop.Token).ConfigureAwait(false);
            if (withdrawn.TryGet(out var topics, out var error))
            {
                if (topics.Count > 0)
                {
                    RegistryMessages.ClaimsWithdrawn(logger, string.Join(", ", topics));
                }
            }
            else
            {
                RegistryMessages.TakeOverFailed(logger, error.Message);
            }
        }
        catch (Exception replaced) when (replaced is NotLeaderException or OperationCanceledException)
        {
            RegistryMessages.TakeOverFailed(logger, replaced.Message);
        }
    }
}

using SchemaStream.Broker.Raft;
using SchemaStream.Broker.Runtime.Quorum;

namespace SchemaStream.Broker.Runtime.Controller;

/// <summary>Who leads the quorum, as this node knows it, until it hears otherwise.</summary>
internal sealed class Leadership(QuorumView? view)
{
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Where the active controller is, if that is another node that is known.</summary>
    public HostAndPort? RemoteController =>
        view is { LeaderId: { } leader } && leader != view.NodeId && view.Voters.TryGetValue(leader, out var endpoint)
            ? endpoint
            : null;

    /// <summary>Completes when this is not so any more.</summary>
    public Task Ended => _ended.Task;

    /// <summary>Waits, but no longer than until the leadership changes.</summary>
    public async Task PauseAsync(TimeSpan pause, TimeProvider timeProvider, CancellationToken cancellationToken)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await Task.WhenAny(Ended, Task.Delay(pause, timeProvider, over.Token)).ConfigureAwait(false);
        await over.CancelAsync().ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
    }

    public void End() => _ended.TrySetResult();
}

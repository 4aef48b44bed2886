using SchemaStream.Broker.Metadata.Commands;
using SchemaStream.Broker.Runtime.Access;
using SchemaStream.Broker.Runtime.Quorum;
using SchemaStream.Protocol;

namespace SchemaStream.Broker.Runtime.Controller;

/// <summary>
/// Asks the active controller, wherever it is: in this process, or over a channel. While none is known, or the one that was
/// asked is not it any more, this looks on; a command whose first sending got lost may be decided twice.
/// </summary>
internal sealed class ControllerCaller(
    IQuorum quorum, ControllerLoop controller, ControllerChannel channel, TimeProvider timeProvider)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(250);

    /// <summary>The first answer that is not about the way to it, or when the time is up the last one that is.</summary>
    public async ValueTask<ControllerAnswer<TReply>> AskAsync<TReply>(
        ControllerCommand<TReply> command, TimeSpan timeout, CancellationToken cancellationToken)
        where TReply : class
    {
        using var deadline = new CancellationTokenSource(timeout, timeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        var last = new ControllerAnswer<TReply>(ErrorCode.NotController, "No controller is known.", null, -1);
        var pause = FirstPause;
        try
        {
            while (true)
            {
                var leadership = controller.Leadership;
                last = await AskOnceAsync(command, leadership, either.Token).ConfigureAwait(false);
                if (last.Error is not (ErrorCode.NotController or ErrorCode.NetworkException))
                {
                    return last;
                }

                await leadership.PauseAsync(pause, timeProvider, either.Token).ConfigureAwait(false);
                pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
            }
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            // Whatever hung belongs to this command alone; but the connection it went by is not trusted any more.
            await channel.ResetAsync().ConfigureAwait(false);
            return last;
        }
    }

    private async ValueTask<ControllerAnswer<TReply>> AskOnceAsync<TReply>(
        ControllerCommand<TReply> command, Leadership leadership, CancellationToken cancellationToken)
        where TReply : class
    {
        if (quorum.Fault.IsFaulted)
        {
            return new(ErrorCode.KafkaStorageError, "The metadata log of this node has failed.", null, -1);
        }

        if (controller.IsActive)
        {
            return await controller.DecideAsync(command, cancellationToken).ConfigureAwait(false);
        }

        if (leadership.RemoteController is not { } endpoint)
        {
            return new(ErrorCode.NotController, "No controller is known.", null, -1);
        }

        // A controller that is gone may never answer; that another one leads is noticed sooner.
        using var attempt = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var answer = channel.SendAsync(endpoint, command, attempt.Token).AsTask();
        if (await Task.WhenAny(answer, leadership.Ended).ConfigureAwait(false) == answer)
        {
            return await answer.ConfigureAwait(false);
        }

        await attempt.CancelAsync().ConfigureAwait(false);
        await ((Task)answer).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellationToken.ThrowIfCancellationRequested();
        return answer.IsCompletedSuccessfully
            ? await answer.ConfigureAwait(false)
            : new(ErrorCode.NotController, "Another node leads meanwhile.", null, -1);
    }
}

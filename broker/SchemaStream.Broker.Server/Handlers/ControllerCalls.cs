using SchemaStream.Broker.Metadata.Commands;
using SchemaStream.Broker.Runtime.Access;
using SchemaStream.Broker.Server.Dispatch;
using SchemaStream.Protocol;

namespace SchemaStream.Broker.Server.Handlers;

/// <summary>Asks the controller for no longer than the client waits.</summary>
internal static class ControllerCalls
{
    private const int LongestWaitMs = 10 * 60 * 1000;

    /// <summary>REQUEST_TIMED_OUT says that the controller may still do it.</summary>
    public static async ValueTask<TReply> SubmitAsync<TReply>(
        this IMetadataAccess metadata, ControllerCommand<TReply> command, int timeoutMs, RequestContext context)
        where TReply : class
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(context.Cancellation);
        limit.CancelAfter(Math.Clamp(timeoutMs, 1, LongestWaitMs));
        try
        {
            return await metadata.SubmitAsync(command, limit.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!context.Cancellation.IsCancellationRequested)
        {
            return command.Refused(ErrorCode.RequestTimedOut, $"The controller did not answer within {timeoutMs} ms");
        }
    }
}

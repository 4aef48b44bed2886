using Microsoft.AspNetCore.Http;
using SchemaStream.Registry.Core;
using SchemaStream.Registry.Http;

namespace SchemaStream.Registry.Forwarding;

/// <summary>What an instance does with requests as one of several. It joins them once it listens; until then it is alone.</summary>
/// <param name="writer">The lane of this instance.</param>
/// <param name="log">What all who forward to this instance must keep their log in; null for an instance without peers.</param>
internal sealed class ClusterRole(RegistryWriter writer, string? log)
{
    private RequestForwarder? _forwarder;

    /// <summary>Whether bodies may have to be passed on.</summary>
    public bool KeepsBodies { get; } = log is not null;

    public void Join(RequestForwarder forwarder) => Volatile.Write(ref _forwarder, forwarder);

    /// <summary>Tells who has forwarded a request how far the log goes with its answer.</summary>
    /// <returns>Why it may not be answered: the caller's log is another one, where it would look for the answer in vain.</returns>
    public RegistryError? Announce(HttpContext context)
    {
        if (!KeepsBodies || !RequestForwarder.IsForwarded(context))
        {
            return null;
        }

        if (context.Request.Headers[RequestForwarder.LogHeader] is [{ } theirs] && theirs != log)
        {
            return new RegistryError(ErrorCodes.ForwardingFailed, RequestForwarder.AnotherLog("this instance", log!, theirs));
        }

        context.Response.OnStarting(() =>
        {
            context.Response.Headers[RequestForwarder.EndsHeader] = RequestForwarder.Write(writer.Ends);
            return Task.CompletedTask;
        });
        return null;
    }

    /// <summary>Has the leader answer a request that this instance may not.</summary>
    /// <returns>False where this instance has come to lead meanwhile, and may.</returns>
    public async ValueTask<bool> ForwardAsync(HttpContext context)
    {
        if (Volatile.Read(ref _forwarder) is { } forwarder)
        {
            return await forwarder.RunAsync(context).ConfigureAwait(false);
        }

        await Reply.ErrorAsync(context, new RegistryError(ErrorCodes.LeaderUnknown, "This instance is starting. Try again."))
            .ConfigureAwait(false);
        return true;
    }
}

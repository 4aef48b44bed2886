using Microsoft.AspNetCore.Http;
using SchemaStream.Registry.Core;
using SchemaStream.Registry.Http;

namespace SchemaStream.Registry.Forwarding;

/// <summary>What an instance does with requests as one of several. It joins them once it listens; until then it is alone.</summary>
internal sealed class ClusterRole(RegistryWriter writer, bool hasPeers)
{
    private RequestForwarder? _forwarder;

    /// <summary>Whether bodies may have to be passed on.</summary>
    public bool KeepsBodies { get; } = hasPeers;

    public void Join(RequestForwarder forwarder) => Volatile.Write(ref _forwarder, forwarder);

    /// <summary>Tells who has forwarded a request how far the log goes with its answer.</summary>
    public void Announce(HttpContext context)
    {
        if (KeepsBodies && RequestForwarder.IsForwarded(context))
        {
            context.Response.OnStarting(() =>
            {
                context.Response.Headers[RequestForwarder.EndsHeader] = RequestForwarder.Write(writer.Ends);
                return Task.CompletedTask;
            });
        }
    }

    public Task ForwardAsync(HttpContext context) => Volatile.Read(ref _forwarder) is { } forwarder
        ? forwarder.RunAsync(context)
        : Reply.ErrorAsync(context, new RegistryError(ErrorCodes.LeaderUnknown, "This instance is starting. Try again."));
}

using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Logging;
using SchemaStream.Registry.Core;
using SchemaStream.Registry.Forwarding;

namespace SchemaStream.Registry.Http;

/// <summary>What every request goes through before and after its endpoint.</summary>
internal sealed class RequestPipeline(RegistryWriter registry, ILogger logger, long largestBodyBytes, ClusterRole cluster)
{
    /// <summary>How often a request is begun anew because this instance has come to lead, and lost that again.</summary>
    private const int MostTurns = 4;

    public async Task RunAsync(HttpContext context, RequestDelegate next)
    {
        var type = ContentTypes.Negotiate(context.Request.Headers.Accept);
        context.Features.Set(new RequestState(registry, logger, type ?? ContentTypes.Versioned, largestBodyBytes)
        {
            KeepsBody = cluster.KeepsBodies,
        });
        context.Response.Headers[RequestIds.Header] = RequestIds.Of(context);
        if (type is null && !SpeaksForItself(context.Request.Path))
        {
            await Reply.ErrorAsync(context, Framework(StatusCodes.Status406NotAcceptable)).ConfigureAwait(false);
            return;
        }

        try
        {
            if (!registry.Opened.IsCompletedSuccessfully && !await IsOpenAsync(context).ConfigureAwait(false))
            {
                await Reply.ErrorAsync(context, new RegistryError(
                    ErrorCodes.StoreFailed, "The registry's log could not be opened; its log has the reason.")).ConfigureAwait(false);
                return;
            }

            if (Enter(context) is { } misled)
            {
                await Reply.ErrorAsync(context, misled).ConfigureAwait(false);
                return;
            }

            if (cluster.Announce(context) is { } stranger)
            {
                await Reply.ErrorAsync(context, stranger).ConfigureAwait(false);
                return;
            }

            await ServeOrForwardAsync(context, next).ConfigureAwait(false);
            if (!context.Response.HasStarted
                && context.Response.StatusCode >= StatusCodes.Status400BadRequest
                && context.Response.ContentLength is null)
            {
                // Routing's own answers (404, 405) have no body: give them the one shape.
                await Reply.ErrorAsync(context, Framework(context.Response.StatusCode)).ConfigureAwait(false);
            }
        }
        catch (BadHttpRequestException bad)
        {
            await RefuseAsync(context, new RegistryError(bad.StatusCode, bad.Message)).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The client went away; there is nobody to answer.
            context.Abort();
        }
#pragma warning disable CA1031 // The server's border: whatever fails, the client gets the one shape and others are served on.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            RegistryMessages.RequestFailed(logger, context.Request.Method, context.Request.Path, failure);
            await RefuseAsync(context, Framework(StatusCodes.Status500InternalServerError)).ConfigureAwait(false);
        }
    }

    private async Task ServeOrForwardAsync(HttpContext context, RequestDelegate next)
    {
        for (var turn = 0; turn < MostTurns; turn++)
        {
            try
            {
                await next(context).ConfigureAwait(false);
                return;
            }
            catch (NotLeaderException)
            {
                if (await cluster.ForwardAsync(context).ConfigureAwait(false))
                {
                    return;
                }

                // This instance has come to lead meanwhile: the endpoint reads the body once more.
                context.Request.Body = new MemoryStream(RequestState.Of(context).Body ?? [], writable: false);
            }
        }

        await Reply.ErrorAsync(context, new RegistryError(
            ErrorCodes.LeaderUnknown, "The leader changes too often at the moment. Try again.")).ConfigureAwait(false);
    }

    /// <summary>Pages and figures have media types of their own, whatever is accepted of ours.</summary>
    private static bool SpeaksForItself(PathString path) =>
        path.StartsWithSegments("/openapi") || path.StartsWithSegments("/metrics") || path.StartsWithSegments("/health");

    private static RegistryError? Enter(HttpContext context)
    {
        var target = RequestTarget.Raw(context);
        return RequestTarget.IsPlain(target)
            ? RequestTarget.EnterContext(context, target)
            : Framework(StatusCodes.Status404NotFound);
    }

    /// <summary>A registry that starts along with its cluster listens before it has read its log.</summary>
    private async ValueTask<bool> IsOpenAsync(HttpContext context)
    {
        await registry.Opened.WaitAsync(context.RequestAborted)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        context.RequestAborted.ThrowIfCancellationRequested();
        return registry.Opened.IsCompletedSuccessfully;
    }

    private static Task RefuseAsync(HttpContext context, RegistryError error)
    {
        if (context.Response.HasStarted)
        {
            context.Abort();
            return Task.CompletedTask;
        }

        return Reply.ErrorAsync(context, error);
    }

    private static RegistryError Framework(int status) =>
        new(status, $"HTTP {status} {ReasonPhrases.GetReasonPhrase(status)}");
}

using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using SchemaStream.Registry.Core;
using SchemaStream.Registry.Http;
using SchemaStream.Registry.Security.Identities;
using SchemaStream.Registry.Security.Permissions;

namespace SchemaStream.Registry.Security;

/// <summary>Asks every request who makes it and whether that one may. Health needs no one, and neither does what describes the API.</summary>
internal sealed class RequestGuard(SecurityOptions options, RegistryWriter registry, ILogger logger)
{
    private const int Unauthenticated = 40101;
    private const int Forbidden = 40301;
    private const int LongestHeader = 16 * 1024;
    private const string Basic = "Basic ";
    private const string Bearer = "Bearer ";

    private readonly bool _isForEveryRole = options.Roles.Count == 0 || options.Roles.Any(role => role is "*" or "**");

    public async Task RunAsync(HttpContext context, RequestDelegate next)
    {
        // A page that asks for credentials has to be seen by who has not given any. It tells nothing of what is held here.
        if (context.Request.Path.StartsWithSegments("/health") || context.Request.Path.StartsWithSegments("/openapi"))
        {
            await next(context).ConfigureAwait(false);
            return;
        }

        if (await IdentifyAsync(context).ConfigureAwait(false) is not { } caller)
        {
            Challenge(context);
            await Reply.ErrorAsync(context, new RegistryError(
                Unauthenticated, "Credentials are missing, wrong or out of date. Send an Authorization header.")).ConfigureAwait(false);
            return;
        }

        if (Refusal(context, caller) is { } refusal)
        {
            RegistryMessages.Denied(logger, caller.Name, context.Request.Method, context.Request.Path.Value ?? "/", refusal);
            await Reply.ErrorAsync(context, new RegistryError(Forbidden, refusal)).ConfigureAwait(false);
            return;
        }

        RequestState.Of(context).Caller = caller;
        RequestState.Of(context).MayWrite = subject => Refusal(caller, [new Need(Permission.Write, Subject.Parse(subject).ToString())]) is { } reason
            ? new RegistryError(Forbidden, reason)
            : null;
        RequestState.Of(context).MaySeeTopic = topic => Refusal(caller, [RequestNeeds.OfTopic(topic)]) is null;
        await next(context).ConfigureAwait(false);
    }

    private string? Refusal(HttpContext context, Caller caller)
    {
        if (!_isForEveryRole && !caller.Roles.Any(options.Roles.Contains))
        {
            return $"'{caller.Name}' has none of the roles that may use this registry ({string.Join(", ", options.Roles)}). The registry's administrator gives roles.";
        }

        return options.Permissions is null ? null : Refusal(caller, RequestNeeds.Of(context, registry.Image));
    }

    private string? Refusal(Caller caller, IEnumerable<Need> needs)
    {
        if (options.Permissions is not { } permissions)
        {
            return null;
        }

        foreach (var need in needs)
        {
            if (!need.AnyOf.Any(subject => permissions.Allows(caller, need.Permission, subject))
                && !permissions.Allows(caller, need.Permission, PermissionFile.Everything))
            {
                return $"'{caller.Name}' may not do this: it needs {need}. The registry's administrator gives permissions.";
            }
        }

        return null;
    }

    private async ValueTask<Caller?> IdentifyAsync(HttpContext context)
    {
        // One header alone: of several it would not be clear whose the request is.
        if (context.Request.Headers.Authorization is not [{ Length: <= LongestHeader } header])
        {
            return null;
        }

        if (header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase))
        {
            var token = header[Bearer.Length..].Trim();
            return options.Tokens?.Find(token) ?? options.Jwt?.Find(token);
        }

        return options.Users is { } users
            && header.StartsWith(Basic, StringComparison.OrdinalIgnoreCase)
            && Decode(header[Basic.Length..].Trim()) is { } pair
            && pair.IndexOf(':', StringComparison.Ordinal) is var colon and > 0
                ? await users.FindAsync(pair[..colon], pair[(colon + 1)..], context.RequestAborted).ConfigureAwait(false)
                : null;
    }

    private static string? Decode(string base64)
    {
        var bytes = new byte[base64.Length];
        return Convert.TryFromBase64String(base64, bytes, out var length) ? Encoding.UTF8.GetString(bytes, 0, length) : null;
    }

    private void Challenge(HttpContext context)
    {
        var realm = options.Realm.Replace("\\", "", StringComparison.Ordinal).Replace("\"", "", StringComparison.Ordinal);
        if (options.Users is not null)
        {
            context.Response.Headers.Append("WWW-Authenticate", $"Basic realm=\"{realm}\", charset=\"UTF-8\"");
        }

        if (options.Tokens is not null || options.Jwt is not null)
        {
            context.Response.Headers.Append("WWW-Authenticate", $"Bearer realm=\"{realm}\"");
        }
    }
}

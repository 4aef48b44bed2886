using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using SchemaStream.Registry.Core;

namespace SchemaStream.Registry.Http;

/// <summary>What a request is about: the segments of its path as the client wrote them, each decoded once.</summary>
/// <remarks>
/// Route values will not do: Kestrel decodes everything but <c>%2F</c>, so a subject with a slash and one with a literal
/// "%2F" could not be told apart. A path under <c>/contexts/{name}/</c> is the rest of it with names put into that context.
/// </remarks>
internal static class RequestTarget
{
    private const string ContextsRoot = "/contexts/";

    /// <summary>The path and the query as they came.</summary>
    public static string Raw(HttpContext context)
    {
        var target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        if (target.StartsWith('/'))
        {
            return target;
        }

        // A proxy's absolute form.
        return Uri.TryCreate(target, UriKind.Absolute, out var uri) ? uri.PathAndQuery : "/";
    }

    public static string[] Split(string target)
    {
        var query = target.IndexOf('?', StringComparison.Ordinal);
        var segments = (query < 0 ? target : target[..query]).Split('/', StringSplitOptions.RemoveEmptyEntries);
        for (var i = 0; i < segments.Length; i++)
        {
            if (segments[i].Contains('%', StringComparison.Ordinal))
            {
                segments[i] = Uri.UnescapeDataString(segments[i]);
            }
        }

        return segments;
    }

    /// <summary>Whether the path has no "." or ".." segments, which would move the others.</summary>
    public static bool IsPlain(string target)
    {
        // Nearly every path is seen to be plain without taking it apart.
        var isSuspicious = target.Contains("/.", StringComparison.Ordinal) || target.Contains("%2", StringComparison.Ordinal);
        return !isSuspicious || !Split(target).Any(segment => segment is "." or "..");
    }

    /// <summary>Takes the context out of the path and puts it where the rest of the path names subjects.</summary>
    public static RegistryError? EnterContext(HttpContext context, string target)
    {
        var isWithin = target.StartsWith(ContextsRoot, StringComparison.Ordinal);
        var isWhole = !context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget.StartsWith('/');
        if (!isWithin && !isWhole && !target.StartsWith("//", StringComparison.Ordinal))
        {
            return null;
        }

        var segments = Split(target);
        if (!isWithin)
        {
            // The base address that a client was given ends in a slash. Or the target is a whole address, of which the
            // server decodes encoded slashes too: routing would see another path than permissions are asked for.
            Route(context, segments);
            return segments is ["contexts", ..] ? EnterContext(context, '/' + target.TrimStart('/')) : null;
        }

        if (segments.Length < 3)
        {
            return null;
        }

        if (!ContextName.Parse(segments[1]).TryGet(out var name, out var error))
        {
            return error;
        }

        var state = RequestState.Of(context);
        var within = ContextName.Prefix(name);
        state.Within = within;
        state.Segments = Qualified(segments[2..], within);
        Route(context, state.Segments);
        return null;
    }

    /// <summary>Routing sees the shape alone; what the segments say is read from the state.</summary>
    private static void Route(HttpContext context, string[] segments) =>
        context.Request.Path = "/" + string.Join('/', segments.Select(
            segment => segment.Replace("/", "%2F", StringComparison.Ordinal)));

    /// <summary>The place of the subject in a path; -1 if it has none.</summary>
    public static int SubjectIndex(string[] segments) => segments switch
    {
        ["subjects", _, ..] => 1,
        ["compatibility" or "associations", "subjects", _, ..] => 2,
        _ => -1,
    };

    /// <summary>Whether a name says itself which context it is in.</summary>
    public static bool IsQualified(string name) =>
        name.StartsWith(":.", StringComparison.Ordinal) || name.StartsWith(":*:", StringComparison.Ordinal);

    private static string[] Qualified(string[] segments, string within)
    {
        if (segments is ["config" or "mode"] && within.Length > 0)
        {
            return [segments[0], within];
        }

        var index = segments is ["config" or "mode", _, ..] ? 1 : SubjectIndex(segments);
        if (index >= 0 && !IsQualified(segments[index]))
        {
            segments[index] = within + segments[index];
        }

        return segments;
    }
}

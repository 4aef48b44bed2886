using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace SchemaStream.Registry.Http;

/// <summary>Segments of the path as the client wrote them, each decoded once.</summary>
/// <remarks>
/// Route values will not do: Kestrel decodes everything but <c>%2F</c>, so a subject with a slash and one with a literal
/// "%2F" could not be told apart.
/// </remarks>
internal static class RequestPath
{
    public static string Segment(this HttpContext context, int index) =>
        Segments(context) is var all && index < all.Length ? all[index] : "";

    /// <summary>Whether the path has no "." or ".." segments, which would move the others.</summary>
    public static bool IsPlain(HttpContext context) => !Segments(context).Any(segment => segment is "." or "..");

    private static string[] Segments(HttpContext context)
    {
        var state = RequestState.Of(context);
        if (state.Segments is not null)
        {
            return state.Segments;
        }

        var target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        if (!target.StartsWith('/'))
        {
            // A proxy's absolute form.
            target = Uri.TryCreate(target, UriKind.Absolute, out var uri) ? uri.AbsolutePath : "/";
        }

        var query = target.IndexOf('?', StringComparison.Ordinal);
        string[] segments =
        [
            .. (query < 0 ? target : target[..query])
                .Split('/', StringSplitOptions.RemoveEmptyEntries)
                .Select(Uri.UnescapeDataString),
        ];
        state.Segments = segments;
        return segments;
    }
}

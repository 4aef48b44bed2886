using Microsoft.AspNetCore.Http;
using SchemaStream.Registry.Core;

namespace SchemaStream.Registry.Http;

/// <summary>What a path names, after contexts and aliases have had their say.</summary>
internal static class RequestPath
{
    public static string Segment(this HttpContext context, int index) =>
        Segments(context) is var all && index < all.Length ? all[index] : "";

    /// <summary>What settings are for: a subject, a context, or everyone (null), as <c>/config</c> and <c>/mode</c> name it.</summary>
    public static Subject? Scope(this HttpContext context) =>
        Subject.Parse(context.Segment(1)) is var named && named is { IsInDefaultContext: true, Name.Length: 0 } ? null : named;

    /// <summary>The subject that a name stands for: its own, or the one that it is an alias of.</summary>
    public static string Resolve(RequestState state, string name)
    {
        var subject = Subject.Parse(name);
        if (state.Registry.Image.Subject(subject).Config?.Alias is not { Length: > 0 } alias)
        {
            return name;
        }

        var target = Subject.ParseWithin(subject.Context, alias).ToString();
        state.Renamed = (subject.ToString(), target);
        return target;
    }

    private static string[] Segments(HttpContext context)
    {
        var state = RequestState.Of(context);
        var segments = state.Segments ?? RequestTarget.Split(RequestTarget.Raw(context));
        if (!state.IsResolved)
        {
            var index = RequestTarget.SubjectIndex(segments);
            if (index >= 0)
            {
                segments[index] = Resolve(state, segments[index]);
            }

            state.Segments = segments;
            state.IsResolved = true;
        }

        return segments;
    }
}

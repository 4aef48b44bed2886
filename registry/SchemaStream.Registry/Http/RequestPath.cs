using Microsoft.AspNetCore.Http;
using SchemaStream.Registry.Core;
using SchemaStream.Registry.Core.State;

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
    public static string Resolve(RegistryImage image, string name)
    {
        var subject = Subject.Parse(name);
        return image.Subject(subject).Config?.Alias is { Length: > 0 } alias
            ? Subject.ParseWithin(subject.Context, alias).ToString()
            : name;
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
                segments[index] = Resolve(state.Registry.Image, segments[index]);
            }

            state.Segments = segments;
            state.IsResolved = true;
        }

        return segments;
    }
}

using System.Globalization;
using Microsoft.AspNetCore.Http;
using SchemaStream.Registry.Core;
using SchemaStream.Registry.Core.Queries;

namespace SchemaStream.Registry.Http;

/// <summary>Query parameters: booleans are false unless "true", pages have defaults.</summary>
internal static class RequestQuery
{
    public static bool Flag(this HttpContext context, string name) =>
        string.Equals(context.Request.Query[name], "true", StringComparison.OrdinalIgnoreCase);

    /// <summary>A parameter's first value; null if it was not sent.</summary>
    public static string? Text(this HttpContext context, string name) =>
        context.Request.Query.TryGetValue(name, out var value) ? value[0] ?? "" : null;

    /// <summary>All values of a parameter that may be repeated.</summary>
    public static IReadOnlyList<string> Texts(this HttpContext context, string name) =>
        [.. context.Request.Query[name].OfType<string>().Where(value => value.Length > 0)];

    public static Visibility Visibility(this HttpContext context) =>
        context.Flag("deletedOnly") ? Core.Queries.Visibility.DeletedOnly : context.WithDeleted();

    /// <summary>As <see cref="Visibility"/>, where <c>deletedOnly</c> means nothing.</summary>
    public static Visibility WithDeleted(this HttpContext context) =>
        context.Flag("deleted") ? Core.Queries.Visibility.Deleted : Core.Queries.Visibility.Live;

    /// <summary>The parameter <c>subject</c>: in the path's context, and the subject itself where an alias was sent.</summary>
    public static Subject? SubjectParameter(this HttpContext context)
    {
        var state = RequestState.Of(context);
        var name = context.Text("subject") ?? "";
        if (state.Within is { Length: > 0 } within && !RequestTarget.IsQualified(name))
        {
            name = within + name;
        }

        return name.Length == 0 ? null : Subject.Parse(RequestPath.Resolve(state, name));
    }

    /// <summary>The parameter <c>subjectPrefix</c>, in the path's context.</summary>
    public static string SubjectPrefix(this HttpContext context, string otherwise)
    {
        var within = RequestState.Of(context).Within;
        var prefix = context.Text("subjectPrefix") ?? (within is null ? otherwise : "");
        return within is null || RequestTarget.IsQualified(prefix) ? prefix : within + prefix;
    }

    /// <summary>The part of a list that <c>offset</c> and <c>limit</c> ask for.</summary>
    public static Outcome<IReadOnlyList<T>> Page<T>(this HttpContext context, IEnumerable<T> all, int largest)
    {
        if (!Number(context, "offset", 0, out var offset) || !Number(context, "limit", -1, out var limit))
        {
            return new RegistryError(404, "'offset' and 'limit' are numbers.");
        }

        IReadOnlyList<T> page = [.. all.Skip(offset).Take(limit <= 0 || limit > largest ? largest : limit)];
        return Outcome.Of(page);
    }

    private static bool Number(HttpContext context, string name, int otherwise, out int number)
    {
        number = otherwise;
        return context.Text(name) is not { Length: > 0 } text
            || int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number);
    }
}

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

    public static string? Text(this HttpContext context, string name) =>
        context.Request.Query.TryGetValue(name, out var value) ? value.ToString() : null;

    public static Visibility Visibility(this HttpContext context)
    {
        if (context.Flag("deletedOnly"))
        {
            return Core.Queries.Visibility.DeletedOnly;
        }

        return context.Flag("deleted") ? Core.Queries.Visibility.Deleted : Core.Queries.Visibility.Live;
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

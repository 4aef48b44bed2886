using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace SchemaStream.Registry.Http;

/// <summary>The media types of Confluent's API; all of them are JSON.</summary>
internal static class ContentTypes
{
    public const string Versioned = "application/vnd.schemaregistry.v1+json";

    /// <summary>What a reply may be, the preferred first, with the server's own weight.</summary>
    private static readonly (string Name, double Weight)[] Offered =
    [
        (Versioned, 1.0),
        ("application/vnd.schemaregistry+json", 0.9),
        ("application/json", 0.5),
    ];

    private static readonly string[] Taken =
    [
        Versioned, "application/vnd.schemaregistry+json", "application/json", "application/octet-stream",
    ];

    /// <summary>Whether what is accepted is seen at a glance to be <see cref="Versioned"/>.</summary>
    public static bool IsUsual(StringValues accept) =>
        accept.Count == 0 || (accept.Count == 1 && accept[0] is "*/*" or Versioned or "" or null);

    /// <summary>Which type a reply has; null if the client accepts none of ours.</summary>
    public static string? Negotiate(StringValues accept)
    {
        if (IsUsual(accept))
        {
            return Versioned;
        }

        if (!MediaTypeHeaderValue.TryParseList([.. accept.OfType<string>()], out var wanted))
        {
            return Versioned;
        }

        var best = Offered
            .Select(offer => (offer.Name, Quality: offer.Weight * wanted
                .Where(range => Covers(range.MediaType.Value, offer.Name))
                .Select(range => range.Quality ?? 1.0)
                .DefaultIfEmpty(0)
                .Max()))
            .MaxBy(offer => offer.Quality);
        return best.Quality > 0 ? best.Name : null;
    }

    /// <summary>Whether a request's body is read at all; without a type it is.</summary>
    public static bool IsTaken(string? contentType) =>
        string.IsNullOrEmpty(contentType)
        || (MediaTypeHeaderValue.TryParse(contentType, out var type)
            && Taken.Contains(type.MediaType.Value, StringComparer.OrdinalIgnoreCase));

    /// <summary>Parameters such as charset do not narrow what JSON is.</summary>
    private static bool Covers(string? range, string type) =>
        range is "*/*" or "application/*" || type.Equals(range, StringComparison.OrdinalIgnoreCase);
}

using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace SchemaStream.Registry.Http;

/// <summary>What the pipeline knows of a request when its endpoint runs.</summary>
internal sealed class RequestState(ILogger logger, string contentType, long largestBodyBytes)
{
    public ILogger Logger { get; } = logger;

    /// <summary>The reply's content type, as negotiated.</summary>
    public string ContentType { get; } = contentType;

    public long LargestBodyBytes { get; } = largestBodyBytes;

    /// <summary>The path's segments, decoded when first asked for.</summary>
    public string[]? Segments { get; set; }

    public static RequestState Of(HttpContext context) => context.Features.GetRequiredFeature<RequestState>();
}

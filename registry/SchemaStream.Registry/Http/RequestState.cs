using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;
using SchemaStream.Registry.Core;
using SchemaStream.Registry.Security.Identities;

namespace SchemaStream.Registry.Http;

/// <summary>What the pipeline knows of a request when its endpoint runs.</summary>
internal sealed class RequestState(RegistryWriter registry, ILogger logger, string contentType, long largestBodyBytes)
{
    public RegistryWriter Registry { get; } = registry;

    public ILogger Logger { get; } = logger;

    /// <summary>The reply's content type, as negotiated.</summary>
    public string ContentType { get; } = contentType;

    public long LargestBodyBytes { get; } = largestBodyBytes;

    /// <summary>What the path puts before unqualified names: <c>:.dev:</c>, nothing for the default context; null if it names none.</summary>
    public string? Within { get; set; }

    /// <summary>The path's segments, decoded when first asked for.</summary>
    public string[]? Segments { get; set; }

    /// <summary>Whether an alias among the segments has been replaced, which is done once.</summary>
    public bool IsResolved { get; set; }

    /// <summary>The alias that the client named and the subject that it stands for, once it has been replaced.</summary>
    public (string Alias, string Target)? Renamed { get; set; }

    /// <summary>The body as it came, where it may have to be passed on.</summary>
    public byte[]? Body { get; set; }

    /// <summary>Whether the body has to be kept once it is read.</summary>
    public bool KeepsBody { get; init; }

    /// <summary>Who asks, where that is known.</summary>
    public Caller? Caller { get; set; }

    /// <summary>Whether the caller may write a subject that only the body names; null where no one is asked.</summary>
    public Func<string, RegistryError?>? MayWrite { get; set; }

    /// <summary>Whether the caller may know what a topic carries; null where no one is asked.</summary>
    public Func<string, bool>? MaySeeTopic { get; set; }

    /// <summary>The code of the refusal that was answered; null where there was none.</summary>
    public int? Refusal { get; set; }

    public static RequestState Of(HttpContext context) => context.Features.GetRequiredFeature<RequestState>();
}

using SchemaStream.Protocol;

namespace SchemaStream.Broker.Server.Dispatch;

/// <summary>Serves one API in a range of versions. Holds no state of a request or connection.</summary>
public abstract class ApiHandler
{
    public abstract ApiKey ApiKey { get; }

    /// <summary>The lowest version that is served.</summary>
    public abstract short MinVersion { get; }

    public abstract short MaxVersion { get; }

    /// <summary>The lowest version in the table that clients are shown; differs only where clients look for a version they won't use.</summary>
    public virtual short MinAdvertisedVersion => MinVersion;

    /// <summary>
    /// Whether requests of one connection may be under way together. They are begun in order all the same,
    /// and answered in order.
    /// </summary>
    public virtual bool MayOverlap => false;

    /// <summary>
    /// Whether the request's byte fields are read after the handler's first wait. Where they are not, the request's
    /// memory goes back while a long poll or a join waits; what has to outlive that, the handler copies first.
    /// </summary>
    public virtual bool KeepsRequestMemory => false;

    /// <summary>
    /// Whether request and response objects are used again, for APIs that carry the data. Then the handler keeps nothing
    /// of a request beyond its answer, and takes the answer from <c>NewResponse</c>.
    /// </summary>
    public virtual bool ReusesMessages => false;

    /// <summary>Who answers a version that is not served; null closes the connection, as Kafka does.</summary>
    internal virtual ApiHandler? UnsupportedVersionHandler => null;

    internal abstract bool IsFlexible(short version);

    /// <summary>
    /// Decodes, works, encodes into <see cref="RequestContext.Response"/>, and sets the outcome.
    /// An unreadable request comes out as <see cref="ProtocolException"/>.
    /// </summary>
    internal abstract ValueTask InvokeAsync(RequestContext context);
}

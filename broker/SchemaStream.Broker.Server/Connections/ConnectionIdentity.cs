using System.Net;

namespace SchemaStream.Broker.Server.Connections;

/// <summary>Who is at the other end, and where it came in.</summary>
internal sealed record ConnectionIdentity(long Id, string ListenerName, IPEndPoint Remote)
{
    public IPAddress Address => Remote.Address;

    /// <summary>What the client's library calls itself in ApiVersions; empty until it does.</summary>
    public string SoftwareName { get; set; } = "";

    /// <summary>Of <see cref="SoftwareName"/>.</summary>
    public string SoftwareVersion { get; set; } = "";
}

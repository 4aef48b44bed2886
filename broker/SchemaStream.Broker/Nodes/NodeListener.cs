using System.Globalization;
using System.Net;

namespace SchemaStream.Broker.Nodes;

/// <summary>One address that a node listens on, and what others are told to connect to.</summary>
/// <param name="Name">As in <c>listeners</c>, e.g. PLAINTEXT.</param>
/// <param name="Address">Listened on.</param>
/// <param name="Port">Listened on; 0 takes any free one.</param>
/// <param name="AdvertisedHost">Told to others.</param>
/// <param name="AdvertisedPort">Told to others; null for the port that is listened on.</param>
public sealed record NodeListener(string Name, IPAddress Address, int Port, string AdvertisedHost, int? AdvertisedPort)
{
    /// <summary>As a setting has it.</summary>
    public static string Format(string name, string host, int port) => $"{name}://{JoinHostAndPort(host, port)}";

    public static string JoinHostAndPort(string host, int port)
    {
        var number = port.ToString(CultureInfo.InvariantCulture);
        return host.Contains(':', StringComparison.Ordinal) ? $"[{host}]:{number}" : $"{host}:{number}";
    }
}

using System.Globalization;
using System.Net;

namespace SchemaStream.Broker.Addresses;

/// <summary>Where the broker listens, and what clients are told: the most common cause of a cluster that no one reaches.</summary>
internal sealed record ListenAddress(IPAddress Address, int Port, string AdvertisedHost, int? AdvertisedPort)
{
    private const int HighestPort = 65_535;

    /// <exception cref="BrokerStartException">The options contradict each other or name no address.</exception>
    public static ListenAddress From(BrokerOptions options)
    {
        var address = Parse(options.Host);
        Require(options.Port is >= 0 and <= HighestPort, nameof(options.Port), $"0 to {HighestPort}", options.Port);
        if (options.AdvertisedPort is { } advertisedPort)
        {
            Require(advertisedPort is >= 1 and <= HighestPort, nameof(options.AdvertisedPort), $"1 to {HighestPort}", advertisedPort);
        }

        return new ListenAddress(address, options.Port, AdvertisedHostOf(options, address), options.AdvertisedPort);
    }

    private static IPAddress Parse(string host)
    {
        if (string.Equals(host, "localhost", StringComparison.OrdinalIgnoreCase))
        {
            return IPAddress.Loopback;
        }

        return IPAddress.TryParse(host, out var address)
            ? address
            : throw new BrokerStartException(
                $"Host: expected an IP address to listen on, or 'localhost', found '{host}'. A host name for clients belongs in AdvertisedHost");
    }

    private static string AdvertisedHostOf(BrokerOptions options, IPAddress address)
    {
        var advertised = options.AdvertisedHost ?? options.Host;
        if (string.IsNullOrWhiteSpace(advertised) || advertised.Any(char.IsWhiteSpace) || advertised.Contains('/', StringComparison.Ordinal))
        {
            throw new BrokerStartException($"AdvertisedHost: expected a host name or an IP address, found '{advertised}'");
        }

        var isAny = IPAddress.TryParse(advertised, out var told) && (told.Equals(IPAddress.Any) || told.Equals(IPAddress.IPv6Any));
        if (isAny)
        {
            throw new BrokerStartException(
                $"AdvertisedHost: expected a name or address that clients can connect to, found '{advertised}', which means every address of "
                + $"this machine. The broker may listen on {address}; set AdvertisedHost to the name clients know this machine by");
        }

        return advertised;
    }

    private static void Require(bool condition, string option, string expected, int found)
    {
        if (!condition)
        {
            throw new BrokerStartException(
                string.Create(CultureInfo.InvariantCulture, $"{option}: expected {expected}, found {found}"));
        }
    }
}

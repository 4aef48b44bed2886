using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using SchemaStream.Broker.Server.Settings;
using static SchemaStream.Broker.Server.Settings.BrokerSettingNames;

namespace SchemaStream.Broker.Nodes;

/// <summary>Where a node listens and what others are told: the most common cause of a cluster that no one reaches.</summary>
internal static class NodeListeners
{
    private const int HighestPort = 65_535;
    private const int StandardPort = 9092;
    private const string StandardHost = "127.0.0.1";
    private const string Plaintext = "PLAINTEXT";

    /// <summary>Kafka's other protocols, which a listener has by being named so.</summary>
    private static readonly string[] SecureProtocols = ["SSL", "SASL_PLAINTEXT", "SASL_SSL"];

    /// <summary>All listeners, in the settings' order.</summary>
    public static ImmutableArray<NodeListener> Read(BrokerOptions options, BrokerSettings settings, string[] controllerNames)
    {
        if (settings.GivenOrNull(Listeners) is not { } text)
        {
            return settings.GivenOrNull(AdvertisedListeners) is null
                ? [OfOptions(options)]
                : throw new BrokerSettingException(
                    AdvertisedListeners, $"Setting '{AdvertisedListeners}': expected {Listeners} beside it, found none");
        }

        if (options.Host is not null || options.Port is not null || options.AdvertisedHost is not null || options.AdvertisedPort is not null)
        {
            throw new BrokerSettingException(
                Listeners, $"Setting '{Listeners}': expected either it or the options for host and port, found both");
        }

        var entries = ListenerList.Parse(Listeners, text);
        if (entries.IsEmpty)
        {
            throw new BrokerSettingException(Listeners, $"Setting '{Listeners}': expected NAME://HOST:PORT, found '{text}'");
        }

        RequirePlaintext(entries, settings, controllerNames);
        RequireDifferentPorts(entries);
        var advertised = AdvertisedOf(entries, settings);
        RequireDifferentAdvertised(advertised.Values);
        return [.. entries.Select(entry => OfEntry(entry, advertised.GetValueOrDefault(entry.Name), controllerNames))];
    }

    private static NodeListener OfOptions(BrokerOptions options)
    {
        var host = options.Host ?? StandardHost;
        var port = options.Port ?? StandardPort;
        Require(port is >= 0 and <= HighestPort, nameof(options.Port), $"0 to {HighestPort}", port);
        if (options.AdvertisedPort is { } advertisedPort)
        {
            Require(advertisedPort is >= 1 and <= HighestPort, nameof(options.AdvertisedPort), $"1 to {HighestPort}", advertisedPort);
        }

        var address = Address(host) ?? throw new BrokerStartException(
            $"Host: expected an IP address to listen on, or a name of this machine, found '{host}'. A host name for clients belongs in AdvertisedHost");
        var advertised = options.AdvertisedHost ?? host;
        if (string.IsNullOrWhiteSpace(advertised) || advertised.Any(char.IsWhiteSpace) || advertised.Contains('/', StringComparison.Ordinal))
        {
            throw new BrokerStartException($"AdvertisedHost: expected a host name or an IP address, found '{advertised}'");
        }

        return IsEveryAddress(advertised)
            ? throw new BrokerStartException(
                $"AdvertisedHost: expected a name or address that clients can connect to, found '{advertised}', which means every address of "
                + $"this machine. The broker may listen on {address}; say by what name clients know this machine: the settings listeners and "
                + "advertised.listeners in place of a host, or AdvertisedHost in code")
            : new NodeListener(Plaintext, address, port, advertised, options.AdvertisedPort);
    }

    private static NodeListener OfEntry(ListenerEntry entry, ListenerEntry? advertised, string[] controllerNames)
    {
        var address = Address(entry.Host) ?? throw new BrokerSettingException(
            Listeners, $"Setting '{Listeners}': expected an IP address or a name of this machine for {entry.Name}, found '{entry.Host}'");
        var told = advertised ?? (entry.Host.Length == 0 ? entry with { Host = Dns.GetHostName() } : entry);

        // A controller is reached by what controller.quorum.voters says of it.
        if (IsEveryAddress(told.Host) && !controllerNames.Contains(entry.Name))
        {
            throw new BrokerSettingException(
                AdvertisedListeners,
                $"Setting '{AdvertisedListeners}': expected a name or address for {entry.Name} that clients can connect to, found "
                + $"'{told.Host}', which means every address of this machine. The broker may listen on it; set {AdvertisedListeners} to "
                + $"{entry.Name}://NAME:{entry.Port} with the name clients know this machine by");
        }

        return new NodeListener(entry.Name, address, entry.Port, told.Host, told.Port == 0 ? null : told.Port);
    }

    private static Dictionary<string, ListenerEntry> AdvertisedOf(ImmutableArray<ListenerEntry> entries, BrokerSettings settings)
    {
        var advertised = ListenerList.Parse(AdvertisedListeners, settings.GivenOrNull(AdvertisedListeners) ?? "");
        foreach (var told in advertised)
        {
            if (entries.All(entry => entry.Name != told.Name) || told.Host.Length == 0)
            {
                throw new BrokerSettingException(
                    AdvertisedListeners,
                    $"Setting '{AdvertisedListeners}': expected a host for listeners of {Listeners}, found {told.Name}://{told.Host}:{told.Port}");
            }
        }

        return advertised.ToDictionary(told => told.Name, StringComparer.Ordinal);
    }

    private static void RequirePlaintext(ImmutableArray<ListenerEntry> entries, BrokerSettings settings, string[] controllerNames)
    {
        var text = settings.GivenOrNull(ListenerSecurityProtocolMap);
        var protocols = ListenerList.ParseMap(ListenerSecurityProtocolMap, text ?? "");
        foreach (var entry in entries)
        {
            // Kafka's rule: a controllers' listener needs no place in the map while there is no map.
            var isGranted = text is null && controllerNames.Contains(entry.Name);
            if (protocols.GetValueOrDefault(entry.Name, isGranted ? Plaintext : entry.Name) != Plaintext)
            {
                throw NotPlaintext(entry, protocols.GetValueOrDefault(entry.Name));
            }
        }
    }

    /// <summary>Names the setting that is to be changed: which one it is depends on what says, or does not say, the protocol.</summary>
    /// <param name="mapped">The listener's protocol by the map; null where its name has to be one.</param>
    private static BrokerSettingException NotPlaintext(ListenerEntry entry, string? mapped)
    {
        const string why = "this broker has neither TLS nor SASL yet";
        if (mapped is not null)
        {
            return new BrokerSettingException(
                ListenerSecurityProtocolMap,
                $"Setting '{ListenerSecurityProtocolMap}': expected {entry.Name}:{Plaintext}, for {why}, found {entry.Name}:{mapped}");
        }

        var (name, address) = (entry.Name, NodeListener.JoinHostAndPort(entry.Host, entry.Port));
        return SecureProtocols.Contains(name)
            ? new BrokerSettingException(
                Listeners, $"Setting '{Listeners}': expected {Plaintext}://{address}, for {why}, found {name}://{address}")
            : new BrokerSettingException(
                ListenerSecurityProtocolMap,
                $"Setting '{ListenerSecurityProtocolMap}': expected {name}:{Plaintext} in it, for {Listeners} has {name}, found nothing for it");
    }

    /// <summary>Two listeners at one address: clients of one of them would be answered by the other.</summary>
    private static void RequireDifferentAdvertised(IEnumerable<ListenerEntry> advertised)
    {
        var twice = advertised.Where(told => told.Port != 0)
            .GroupBy(told => (Host: told.Host.ToUpperInvariant(), told.Port))
            .FirstOrDefault(group => group.Count() > 1);
        if (twice is not null)
        {
            throw new BrokerSettingException(
                AdvertisedListeners,
                $"Setting '{AdvertisedListeners}': expected an address of its own for each listener, found "
                + $"{NodeListener.JoinHostAndPort(twice.First().Host, twice.Key.Port)} for {string.Join(" and ", twice.Select(told => told.Name))}");
        }
    }

    private static void RequireDifferentPorts(ImmutableArray<ListenerEntry> entries)
    {
        var twice = entries.Where(entry => entry.Port != 0).GroupBy(entry => entry.Port).FirstOrDefault(group => group.Count() > 1);
        if (twice is not null)
        {
            throw new BrokerSettingException(
                Listeners, $"Setting '{Listeners}': expected a port of its own for each listener, found {twice.Key} twice");
        }
    }

    /// <summary>Null for what names no address of any machine.</summary>
    public static IPAddress? Address(string host)
    {
        if (host.Length == 0)
        {
            return IPAddress.Any;
        }

        if (string.Equals(host, "localhost", StringComparison.OrdinalIgnoreCase))
        {
            return IPAddress.Loopback;
        }

        if (IPAddress.TryParse(host, out var address) || Uri.CheckHostName(host) != UriHostNameType.Dns)
        {
            return address;
        }

        try
        {
            return Dns.GetHostAddresses(host).OrderBy(found => found.AddressFamily != AddressFamily.InterNetwork).FirstOrDefault();
        }
        catch (SocketException)
        {
            return null;
        }
    }

    private static bool IsEveryAddress(string host) =>
        IPAddress.TryParse(host, out var told) && (told.Equals(IPAddress.Any) || told.Equals(IPAddress.IPv6Any));

    private static void Require(bool condition, string option, string expected, int found)
    {
        if (!condition)
        {
            throw new BrokerStartException(
                string.Create(CultureInfo.InvariantCulture, $"{option}: expected {expected}, found {found}"));
        }
    }
}

using System.Globalization;

namespace SchemaStream.Protocol.Client.Clusters;

/// <summary>Where a broker is to be found.</summary>
public readonly record struct BrokerAddress(string Host, int Port)
{
    /// <summary>Reads Kafka's <c>bootstrap.servers</c>: <c>host:port</c>, separated by commas.</summary>
    /// <exception cref="FormatException">One of them is no address.</exception>
    public static IReadOnlyList<BrokerAddress> ParseAll(string servers)
    {
        ArgumentNullException.ThrowIfNull(servers);
        var all = servers
            .Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Select(Parse)
            .ToList();
        return all.Count > 0 ? all : throw new FormatException("There is no bootstrap server.");
    }

    public override string ToString() => FormattableString.Invariant($"{Host}:{Port}");

    private static BrokerAddress Parse(string server)
    {
        // Confluent's registry writes a listener's protocol before it: PLAINTEXT://host:port.
        var address = server.IndexOf("://", StringComparison.Ordinal) is var scheme and >= 0 ? server[(scheme + 3)..] : server;
        var colon = address.LastIndexOf(':');
        return colon > 0
            && int.TryParse(address.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port)
            && port is > 0 and <= ushort.MaxValue
            ? new BrokerAddress(address[..colon].Trim('[', ']'), port)
            : throw new FormatException($"'{server}' is no bootstrap server; it has to be host:port.");
    }
}

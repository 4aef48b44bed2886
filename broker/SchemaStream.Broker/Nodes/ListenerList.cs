using System.Collections.Immutable;
using System.Globalization;
using SchemaStream.Broker.Server.Settings;

namespace SchemaStream.Broker.Nodes;

/// <summary>One item of <c>listeners</c> or <c>advertised.listeners</c>.</summary>
/// <param name="Name">In capitals, as Kafka compares them.</param>
/// <param name="Host">Empty for every address of the machine.</param>
/// <param name="Port">0 to 65535.</param>
internal sealed record ListenerEntry(string Name, string Host, int Port);

/// <summary>The lists that Kafka writes as text: listeners, security protocols, addresses.</summary>
internal static class ListenerList
{
    private const int HighestPort = 65_535;

    /// <exception cref="BrokerSettingException">An item is no listener, or one name stands there twice.</exception>
    public static ImmutableArray<ListenerEntry> Parse(string key, string text)
    {
        var entries = ImmutableArray.CreateBuilder<ListenerEntry>();
        foreach (var item in Items(text))
        {
            var (name, address) = Cut(item, "://");
            if (name.Length == 0 || !TrySplitHostAndPort(address, out var host, out var port))
            {
                throw new BrokerSettingException(
                    key, $"Setting '{key}': expected NAME://HOST:PORT with a port from 0 to {HighestPort}, found '{item}'");
            }

            var entry = new ListenerEntry(name.ToUpperInvariant(), host, port);
            if (entries.Any(other => other.Name == entry.Name))
            {
                throw new BrokerSettingException(key, $"Setting '{key}': expected each listener once, found {entry.Name} twice");
            }

            entries.Add(entry);
        }

        return entries.ToImmutable();
    }

    /// <summary>Names to names, as listener.security.protocol.map has them, in capitals.</summary>
    public static Dictionary<string, string> ParseMap(string key, string text)
    {
        var map = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var item in Items(text))
        {
            var (name, protocol) = Cut(item, ":");
            if (name.Length == 0 || protocol.Length == 0)
            {
                throw new BrokerSettingException(key, $"Setting '{key}': expected NAME:PROTOCOL, found '{item}'");
            }

            map[name.ToUpperInvariant()] = protocol.ToUpperInvariant();
        }

        return map;
    }

    public static string[] Items(string text) =>
        text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    /// <summary>HOST:PORT, where an IPv6 address stands in brackets. The host may be empty.</summary>
    public static bool TrySplitHostAndPort(string text, out string host, out int port)
    {
        var colon = text.LastIndexOf(':');
        host = colon < 0 ? "" : text[..colon];
        port = -1;
        if (host is ['[', .., ']'])
        {
            host = host[1..^1];
        }
        else if (host.Contains(':', StringComparison.Ordinal))
        {
            return false;
        }

        return colon >= 0
            && !host.Any(letter => char.IsWhiteSpace(letter) || letter == '/')
            && int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out port)
            && port <= HighestPort;
    }

    private static (string Before, string After) Cut(string text, string separator)
    {
        var index = text.IndexOf(separator, StringComparison.Ordinal);
        return index < 0 ? ("", "") : (text[..index].Trim(), text[(index + separator.Length)..].Trim());
    }
}

using System.Globalization;
using SchemaStream.Broker.Raft;

namespace SchemaStream.Cli.Quorum;

/// <summary>Addresses as they are typed.</summary>
internal static class Endpoints
{
    public static bool TryParse(string text, out HostAndPort endpoint)
    {
        var colon = text.LastIndexOf(':');
        endpoint = default;
        if (colon < 1 || !ushort.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port) || port == 0)
        {
            return false;
        }

        var host = text[..colon];
        endpoint = new HostAndPort(host is ['[', .., ']'] ? host[1..^1] : host, port);
        return true;
    }

    public static HostAndPort Parse(string text) => TryParse(text, out var endpoint)
        ? endpoint
        : throw new QuorumCommandException($"expected HOST:PORT, found '{text}'", ExitCodes.Usage);
}

using System.Collections.Immutable;
using System.Globalization;
using SchemaStream.Broker.Raft;
using SchemaStream.Broker.Server.Settings;

namespace SchemaStream.Broker.Nodes;

/// <summary>controller.quorum.voters: who votes, and where they are reached.</summary>
internal static class QuorumVoters
{
    private const string Key = BrokerSettingNames.QuorumVoters;

    /// <exception cref="BrokerSettingException">An item is no voter, or an id or address stands there twice.</exception>
    public static ImmutableSortedDictionary<int, HostAndPort> Parse(string? text)
    {
        var voters = ImmutableSortedDictionary.CreateBuilder<int, HostAndPort>();
        foreach (var item in ListenerList.Items(text ?? ""))
        {
            var at = item.IndexOf('@', StringComparison.Ordinal);
            if (at < 1
                || !int.TryParse(item.AsSpan(0, at), NumberStyles.None, CultureInfo.InvariantCulture, out var id)
                || !ListenerList.TrySplitHostAndPort(item[(at + 1)..], out var host, out var port)
                || host.Length == 0
                || port == 0)
            {
                throw new BrokerSettingException(Key, $"Setting '{Key}': expected ID@HOST:PORT, found '{item}'");
            }

            var endPoint = new HostAndPort(host, port);
            if (voters.ContainsKey(id) || voters.ContainsValue(endPoint))
            {
                throw new BrokerSettingException(
                    Key, $"Setting '{Key}': expected each voter and each address once, found '{item}' after another of the kind");
            }

            voters.Add(id, endPoint);
        }

        return voters.ToImmutable();
    }
}

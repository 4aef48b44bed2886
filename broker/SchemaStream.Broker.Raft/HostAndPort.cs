using System.Globalization;

namespace SchemaStream.Broker.Raft;

/// <summary>Where a node's controller listener is reached.</summary>
public readonly record struct HostAndPort(string Host, int Port)
{
    public override string ToString() => Host.Contains(':', StringComparison.Ordinal)
        ? string.Create(CultureInfo.InvariantCulture, $"[{Host}]:{Port}")
        : string.Create(CultureInfo.InvariantCulture, $"{Host}:{Port}");
}

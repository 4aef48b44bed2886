using System.Globalization;
using SchemaStream.Broker.Metadata.Configs;
using SchemaStream.Broker.Metadata.Images;
using SchemaStream.Broker.Runtime.Access;

namespace SchemaStream.Broker.Server.Connections;

/// <summary>How many connections there may be at a time: as set at the start, or while the broker runs.</summary>
/// <param name="metadata">Where it is told what was set since.</param>
public sealed class ConnectionLimits(IMetadataAccess metadata)
{
    private volatile Found? _found;

    /// <summary>max.connections; null where it was not set since the start.</summary>
    public int? MaxConnections => Current().MaxConnections;

    /// <summary>max.connections.per.ip; null where it was not set since the start.</summary>
    public int? MaxConnectionsPerAddress => Current().MaxConnectionsPerAddress;

    private Found Current()
    {
        var image = metadata.Image;
        if (_found is { } found && ReferenceEquals(found.Configs, image.BrokerConfigs))
        {
            return found;
        }

        return _found = new Found(
            image.BrokerConfigs,
            Parse(image, BrokerConfigDefinitions.MaxConnections),
            Parse(image, BrokerConfigDefinitions.MaxConnectionsPerIp));
    }

    private int? Parse(MetadataImage image, string key) =>
        int.TryParse(image.BrokerConfig(metadata.NodeId, key), NumberStyles.None, CultureInfo.InvariantCulture, out var limit) && limit > 0
            ? limit
            : null;

    private sealed record Found(object Configs, int? MaxConnections, int? MaxConnectionsPerAddress);
}

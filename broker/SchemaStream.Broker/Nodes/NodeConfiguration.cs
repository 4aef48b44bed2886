using System.Collections.Immutable;
using System.Net;
using SchemaStream.Broker.Raft;
using SchemaStream.Broker.Runtime.Cluster;
using SchemaStream.Broker.Server.Settings;

namespace SchemaStream.Broker.Nodes;

/// <summary>A node as its options and settings together make it: checked, and complete but for ports that are taken later.</summary>
public sealed record NodeConfiguration
{
    /// <summary>node.id</summary>
    public required int NodeId { get; init; }

    /// <summary>process.roles</summary>
    public required ProcessRoles Roles { get; init; }

    /// <summary>log.dirs, with its one directory, as a full path.</summary>
    public required string DataDirectory { get; init; }

    /// <summary>cluster.id; null where the data directory says it, or a lone node makes one up.</summary>
    public string? ClusterId { get; init; }

    /// <summary>broker.rack</summary>
    public string? Rack { get; init; }

    /// <summary>Where clients and other brokers come in; none for a node that is a controller only.</summary>
    public required ImmutableArray<NodeListener> Listeners { get; init; }

    /// <summary>Where other nodes reach the controller; null for a node that is none, or stands alone.</summary>
    public NodeListener? ControllerListener { get; init; }

    /// <summary>inter.broker.listener.name</summary>
    public required string InterBrokerListenerName { get; init; }

    /// <summary>controller.quorum.voters, by node id; none where this node stands alone.</summary>
    public required ImmutableSortedDictionary<int, HostAndPort> Voters { get; init; }

    /// <summary>schemastream.http.listener; null where nothing is served over HTTP.</summary>
    public IPEndPoint? HttpListener { get; init; }

    public required BrokerSettings Settings { get; init; }

    public bool IsBroker => Roles.HasFlag(ProcessRoles.Broker);

    public bool IsController => Roles.HasFlag(ProcessRoles.Controller);

    /// <exception cref="BrokerStartException">An option or setting is wrong; the message says which, and where it stands.</exception>
    public static NodeConfiguration From(BrokerOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        try
        {
            return NodeConfigurationReader.Read(options);
        }
        catch (BrokerSettingException wrong)
        {
            var place = wrong.Key.Length > 0 ? options.Configuration?.Where(wrong.Key) : null;
            throw new BrokerStartException(string.IsNullOrEmpty(place) ? wrong.Message : $"{place}: {wrong.Message}", wrong);
        }
    }
}

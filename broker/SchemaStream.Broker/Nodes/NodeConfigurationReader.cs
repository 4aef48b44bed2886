using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using SchemaStream.Broker.Server.Settings;
using static SchemaStream.Broker.Server.Settings.BrokerSettingNames;
using NodeRoles = SchemaStream.Broker.Runtime.Cluster.ProcessRoles;

namespace SchemaStream.Broker.Nodes;

/// <summary>Puts a node together from its options and settings, which may each be told in one of the two places only.</summary>
internal static class NodeConfigurationReader
{
    private const int StandardNodeId = 1;
    private const string Plaintext = "PLAINTEXT";

    /// <exception cref="BrokerSettingException">A setting is wrong.</exception>
    /// <exception cref="BrokerStartException">An option is wrong.</exception>
    public static NodeConfiguration Read(BrokerOptions options)
    {
        var settings = BrokerSettings.Parse(options.Settings);
        var roles = RolesOf(settings);
        var nodeId = NodeIdOf(options, settings);
        var controllerNames = ListenerList.Items(settings.Value(ControllerListenerNames).ToUpperInvariant());
        var all = NodeListeners.Read(options, settings, controllerNames);
        var (controllers, listeners) = (
            all.Where(listener => controllerNames.Contains(listener.Name)).ToList(),
            all.Where(listener => !controllerNames.Contains(listener.Name)).ToImmutableArray());
        var node = new NodeConfiguration
        {
            NodeId = nodeId,
            Roles = roles,
            DataDirectory = DataDirectoryOf(options, settings),
            ClusterId = settings.GivenOrNull(ClusterId),
            Rack = Once(options.Rack, nameof(options.Rack), settings, BrokerRack),
            Listeners = listeners,
            ControllerListener = controllers.FirstOrDefault(),
            InterBrokerListenerName = InterBrokerListenerOf(listeners, settings),
            Voters = QuorumVoters.Parse(settings.GivenOrNull(BrokerSettingNames.QuorumVoters)),
            HttpListener = HttpListenerOf(settings),
            Settings = settings,
        };
        RequireNoAuthorizer(settings);
        RequireListenersOfRoles(node, controllers.Count, controllerNames);
        RequireQuorum(node);
        RequireHeartbeatsInSession(settings);
        return node;
    }

    private static NodeRoles RolesOf(BrokerSettings settings)
    {
        var roles = NodeRoles.None;
        foreach (var role in ListenerList.Items(settings.Value(ProcessRoles)))
        {
            roles |= role == "broker" ? NodeRoles.Broker : NodeRoles.Controller;
        }

        return roles;
    }

    private static int NodeIdOf(BrokerOptions options, BrokerSettings settings)
    {
        var told = options.NodeId?.ToString(CultureInfo.InvariantCulture);
        var id = Once(told, nameof(options.NodeId), settings, NodeId);
        var older = Once(id, nameof(options.NodeId), settings, BrokerId, sameIsFine: true);
        var number = older is null ? StandardNodeId : int.Parse(older, CultureInfo.InvariantCulture);
        return number >= 0
            ? number
            : throw new BrokerStartException($"{nameof(options.NodeId)}: expected a number of at least 0, found {number}");
    }

    private static string DataDirectoryOf(BrokerOptions options, BrokerSettings settings)
    {
        var directories = Once(options.DataDirectory, nameof(options.DataDirectory), settings, LogDirs);
        var directory = Once(directories, nameof(options.DataDirectory), settings, LogDir, sameIsFine: true);
        return string.IsNullOrWhiteSpace(directory)
            ? throw new BrokerSettingException(LogDirs, $"Setting '{LogDirs}': expected one directory, found none")
            : Path.GetFullPath(directory);
    }

    /// <summary>What an option or a setting says; told by both it is an error, for one of the two would be overlooked.</summary>
    private static string? Once(string? told, string option, BrokerSettings settings, string key, bool sameIsFine = false)
    {
        var given = settings.GivenOrNull(key);
        if (told is null || given is null || (sameIsFine && told == given))
        {
            return told ?? given;
        }

        throw new BrokerSettingException(
            key, $"Setting '{key}': expected it to be told once, found '{key}={given}' and '{told}' by {option}");
    }

    private static string InterBrokerListenerOf(ImmutableArray<NodeListener> listeners, BrokerSettings settings)
    {
        if (settings.GivenOrNull(InterBrokerListenerName) is { } named)
        {
            var name = named.ToUpperInvariant();
            return listeners.IsEmpty || listeners.Any(listener => listener.Name == name)
                ? name
                : throw new BrokerSettingException(
                    InterBrokerListenerName,
                    $"Setting '{InterBrokerListenerName}': expected one of {Names(listeners)}, found '{named}'");
        }

        if (listeners.Length == 1)
        {
            return listeners[0].Name;
        }

        return listeners.IsEmpty || listeners.Any(listener => listener.Name == Plaintext)
            ? Plaintext
            : throw new BrokerSettingException(
                InterBrokerListenerName,
                $"Setting '{InterBrokerListenerName}': expected one of {Names(listeners)}, found nothing, and no listener is named {Plaintext}");
    }

    private static string Names(IEnumerable<NodeListener> listeners) => string.Join(", ", listeners.Select(listener => listener.Name));

    private static void RequireListenersOfRoles(NodeConfiguration node, int controllerListeners, string[] controllerNames)
    {
        var names = string.Join(", ", controllerNames);
        if (node.IsBroker && node.Listeners.IsEmpty)
        {
            throw Wrong(Listeners, $"at least one listener for clients besides {names} ({ControllerListenerNames})", Names([node.ControllerListener!]));
        }

        if (!node.IsBroker && !node.Listeners.IsEmpty)
        {
            throw Wrong(
                Listeners,
                $"only listeners of {ControllerListenerNames} ({names}) on a node with {ProcessRoles}=controller",
                Names(node.Listeners));
        }

        if (!node.IsController && node.ControllerListener is { } needless)
        {
            throw Wrong(Listeners, $"no listener of {ControllerListenerNames} on a node with {ProcessRoles}=broker", needless.Name);
        }

        if (controllerListeners > 1)
        {
            throw Wrong(Listeners, $"one listener of {ControllerListenerNames} ({names})", controllerListeners.ToString(CultureInfo.InvariantCulture));
        }
    }

    private static void RequireQuorum(NodeConfiguration node)
    {
        if (node.Voters.IsEmpty)
        {
            RequireAlone(node);
            return;
        }

        if (!node.IsController && node.Voters.ContainsKey(node.NodeId))
        {
            throw Wrong(BrokerSettingNames.QuorumVoters, $"only controllers, for this node has {ProcessRoles}=broker", $"its {NodeId}, {node.NodeId}");
        }

        if (node.IsController && node.ControllerListener is null && node.Voters.Keys.Any(id => id != node.NodeId))
        {
            throw Wrong(Listeners, $"a listener named in {ControllerListenerNames}, where the other controllers reach this one", "none");
        }
    }

    private static void RequireAlone(NodeConfiguration node)
    {
        if (!node.IsController)
        {
            throw Wrong(BrokerSettingNames.QuorumVoters, $"the controllers of the cluster, for this node has {ProcessRoles}=broker", "nothing");
        }

        foreach (var server in ListenerList.Items(node.Settings.GivenOrNull(QuorumBootstrapServers) ?? ""))
        {
            if (!ListenerList.TrySplitHostAndPort(server, out _, out var port) || port != node.ControllerListener?.Port)
            {
                // Taken silently, three nodes of one cluster would become three clusters.
                throw Wrong(
                    QuorumBootstrapServers,
                    $"this node's own controller listener, or the voters by id in {BrokerSettingNames.QuorumVoters}",
                    $"'{server}'");
            }
        }
    }

    private static IPEndPoint? HttpListenerOf(BrokerSettings settings)
    {
        if (settings.GivenOrNull(HttpListenerAddress) is not { } text)
        {
            return null;
        }

        return ListenerList.TrySplitHostAndPort(text, out var host, out var port) && NodeListeners.Address(host) is { } address
            ? new IPEndPoint(address, port)
            : throw Wrong(HttpListenerAddress, "HOST:PORT with an IP address or a name of this machine", $"'{text}'");
    }

    /// <summary>An authorizer that is asked for and not there must not be believed to protect anything.</summary>
    private static void RequireNoAuthorizer(BrokerSettings settings)
    {
        if (settings.GivenOrNull(AuthorizerClassName) is { } authorizer
            && (!settings.IsGiven(AllowEveryoneIfNoAclFound) || !settings.Boolean(AllowEveryoneIfNoAclFound)))
        {
            throw Wrong(AuthorizerClassName, $"none, or {AllowEveryoneIfNoAclFound}=true beside it: this broker has no authorizer", $"'{authorizer}'");
        }
    }

    private static void RequireHeartbeatsInSession(BrokerSettings settings)
    {
        var (interval, session) = (settings.Int(BrokerHeartbeatIntervalMs), settings.Int(BrokerSessionTimeoutMs));
        if (settings.IsGiven(BrokerHeartbeatIntervalMs) && interval > session / 3)
        {
            throw Wrong(
                BrokerHeartbeatIntervalMs,
                $"at most a third of {BrokerSessionTimeoutMs} ({session})",
                interval.ToString(CultureInfo.InvariantCulture));
        }
    }

    private static BrokerSettingException Wrong(string key, string expected, string found) =>
        new(key, $"Setting '{key}': expected {expected}, found {found}");
}

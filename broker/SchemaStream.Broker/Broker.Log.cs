using System.Net;
using Microsoft.Extensions.Logging;
using SchemaStream.Broker.Nodes;

namespace SchemaStream.Broker;

/// <summary>What the host tells its operator. Event ids 4000–4099.</summary>
internal static partial class BrokerLog
{
    /// <summary>The start is done: what each listener's clients are told, for a wrong one is the most common fault of all.</summary>
    public static void Started(this ILogger logger, NodeConfiguration node, NodeServers servers, EndPoint endPoint)
    {
        if (!node.IsBroker)
        {
            logger.ControllerReady(node.NodeId, endPoint);
            return;
        }

        var told = servers.Advertised.Select(listener => NodeListener.Format(listener.Listener, listener.Host, listener.Port));
        logger.Ready(node.NodeId, string.Join(", ", told));
    }

    [LoggerMessage(4000, LogLevel.Information,
        "Broker {NodeId} is ready; clients are told to connect to {Advertised} (advertised.listeners), by the listener they came in on")]
    public static partial void Ready(this ILogger logger, int nodeId, string advertised);

    [LoggerMessage(4001, LogLevel.Information, "The broker has stopped")]
    public static partial void Stopped(this ILogger logger);

    [LoggerMessage(4002, LogLevel.Critical, "The broker cannot go on and stops")]
    public static partial void Faulted(this ILogger logger, Exception fault);

    [LoggerMessage(4003, LogLevel.Warning, "Settings that change nothing here are passed over: {Names}")]
    public static partial void SettingsIgnored(this ILogger logger, string names);

    [LoggerMessage(4005, LogLevel.Information, "Metrics are at {Address}/metrics, health at {Address}/health/live and {Address}/health/ready")]
    public static partial void HttpReady(this ILogger logger, string address);

    [LoggerMessage(4006, LogLevel.Error, "Accepting a connection for metrics or health failed; trying again")]
    public static partial void HttpAcceptFailed(this ILogger logger, Exception fault);

    [LoggerMessage(4007, LogLevel.Error, "A page of metrics or health failed")]
    public static partial void HttpFailed(this ILogger logger, Exception fault);

    [LoggerMessage(4008, LogLevel.Information, "The broker stops: clients are sent elsewhere, then answered, then logs are closed; within {Timeout}")]
    public static partial void Stopping(this ILogger logger, TimeSpan timeout);

    [LoggerMessage(4009, LogLevel.Error,
        "The broker was not done stopping after {Timeout} (schemastream.shutdown.timeout.ms) and is cut; the next start looks through its logs")]
    public static partial void StopCut(this ILogger logger, TimeSpan timeout);

    [LoggerMessage(4004, LogLevel.Information, "Controller {NodeId} takes part in the quorum on {Address}")]
    public static partial void ControllerReady(this ILogger logger, int nodeId, EndPoint address);
}

using System.Net;
using Microsoft.Extensions.Logging;

namespace SchemaStream.Broker;

/// <summary>What the host tells its operator. Event ids 4000–4099.</summary>
internal static partial class BrokerLog
{
    [LoggerMessage(4000, LogLevel.Information,
        "Broker {NodeId} is ready on {Address}; clients are told to connect to {Advertised} (advertised.listeners)")]
    public static partial void Ready(this ILogger logger, int nodeId, EndPoint address, string advertised);

    [LoggerMessage(4001, LogLevel.Information, "The broker has stopped")]
    public static partial void Stopped(this ILogger logger);

    [LoggerMessage(4002, LogLevel.Critical, "The broker cannot go on and stops")]
    public static partial void Faulted(this ILogger logger, Exception fault);

    [LoggerMessage(4003, LogLevel.Warning, "Settings that change nothing here are passed over: {Names}")]
    public static partial void SettingsIgnored(this ILogger logger, string names);

    [LoggerMessage(4004, LogLevel.Information, "Controller {NodeId} takes part in the quorum on {Address}")]
    public static partial void ControllerReady(this ILogger logger, int nodeId, EndPoint address);
}

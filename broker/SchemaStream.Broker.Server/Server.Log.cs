using System.Net;
using Microsoft.Extensions.Logging;
using SchemaStream.Protocol;

namespace SchemaStream.Broker.Server;

/// <summary>What the server tells its operator. Event ids 3000–3099.</summary>
internal static partial class ServerLog
{
    [LoggerMessage(3000, LogLevel.Information, "Listening on {Address} ({ListenerName})")]
    public static partial void Listening(this ILogger logger, EndPoint address, string listenerName);

    [LoggerMessage(3001, LogLevel.Information, "Closed the listener; {Count} connections are finishing")]
    public static partial void Draining(this ILogger logger, int count);

    [LoggerMessage(3002, LogLevel.Warning, "Cut {Count} connections that were not done after {Timeout}")]
    public static partial void DrainTimedOut(this ILogger logger, int count, TimeSpan timeout);

    [LoggerMessage(3003, LogLevel.Error, "Accepting a connection failed; trying again after {Delay}")]
    public static partial void AcceptFailed(this ILogger logger, Exception exception, TimeSpan delay);

    [LoggerMessage(3010, LogLevel.Debug, "{Client} connected")]
    public static partial void Connected(this ILogger logger, EndPoint client);

    [LoggerMessage(3011, LogLevel.Debug, "{Client} is gone: {Reason}")]
    public static partial void ConnectionLost(this ILogger logger, EndPoint client, string reason);

    [LoggerMessage(3012, LogLevel.Information, "{Client} closed: no byte moved for {Quiet}, {Limit} are allowed")]
    public static partial void ConnectionIdle(this ILogger logger, EndPoint client, TimeSpan quiet, TimeSpan limit);

    [LoggerMessage(3013, LogLevel.Warning, "{Client} refused: its address has {Count} connections (max.connections.per.ip)")]
    public static partial void TooManyConnectionsFromAddress(this ILogger logger, EndPoint client, int count);

    [LoggerMessage(3014, LogLevel.Warning, "max.connections={Limit} is reached; new clients wait")]
    public static partial void TooManyConnections(this ILogger logger, int limit);

    [LoggerMessage(3015, LogLevel.Error, "{Client} closed: serving it failed")]
    public static partial void ConnectionFailed(this ILogger logger, Exception exception, EndPoint client);

    [LoggerMessage(3016, LogLevel.Warning, "{Count} further lines of event {Event} about clients at {Address} were not written")]
    public static partial void WarningsSuppressed(this ILogger logger, int count, int @event, IPAddress address);

    [LoggerMessage(3020, LogLevel.Warning, "{Client} closed: {Reason}")]
    public static partial void FrameRefused(this ILogger logger, EndPoint client, string reason);

    [LoggerMessage(3021, LogLevel.Warning, "{Client} closed: its request header is unreadable. {Reason}")]
    public static partial void HeaderUnreadable(this ILogger logger, EndPoint client, string reason);

    [LoggerMessage(3022, LogLevel.Warning, "{Client} closed: API key {ApiKey} (version {ApiVersion}) is not served here")]
    public static partial void UnknownApiKey(this ILogger logger, EndPoint client, short apiKey, short apiVersion);

    [LoggerMessage(3023, LogLevel.Warning,
        "{Client} closed: {ApiKey} version {ApiVersion} is not served, versions {MinVersion} to {MaxVersion} are")]
    public static partial void UnsupportedVersion(
        this ILogger logger, EndPoint client, ApiKey apiKey, short apiVersion, short minVersion, short maxVersion);

    [LoggerMessage(3024, LogLevel.Warning,
        "{Client} closed: its {ApiKey} request (version {ApiVersion}, client id '{ClientId}') is unreadable. {Reason}")]
    public static partial void RequestUnreadable(
        this ILogger logger, EndPoint client, ApiKey apiKey, short apiVersion, string clientId, string reason);

    [LoggerMessage(3025, LogLevel.Error,
        "{Client} closed: its {ApiKey} request (version {ApiVersion}, client id '{ClientId}') failed")]
    public static partial void RequestFailed(
        this ILogger logger, Exception exception, EndPoint client, ApiKey apiKey, short apiVersion, string clientId);

    [LoggerMessage(3026, LogLevel.Debug, "{Client} closed: its address connects more often than its quota allows")]
    public static partial void ConnectionsTooFast(this ILogger logger, EndPoint client);
}

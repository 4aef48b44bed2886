using Microsoft.Extensions.Logging;

namespace SchemaStream.Cli.Up;

/// <summary>What <c>up</c> tells of the processes it started. Event ids 6000–6099.</summary>
internal static partial class UpLog
{
    [LoggerMessage(6000, LogLevel.Information, "Broker {NodeId} serves at {Address} as process {ProcessId}")]
    public static partial void BrokerServes(this ILogger logger, int nodeId, string address, int processId);

    [LoggerMessage(6001, LogLevel.Error,
        "Broker {NodeId} (process {ProcessId}) ended with exit code {ExitCode}; the others go on. Start it again with: {Command}")]
    public static partial void BrokerEnded(this ILogger logger, int nodeId, int processId, int exitCode, string command);

    [LoggerMessage(6002, LogLevel.Information, "Stopping broker {NodeId}, which runs as process {ProcessId} since it was started again")]
    public static partial void StoppingRestarted(this ILogger logger, int nodeId, int processId);
}

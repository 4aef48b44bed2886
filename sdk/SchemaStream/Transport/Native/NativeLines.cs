using Microsoft.Extensions.Logging;

namespace SchemaStream.Transport.Native;

/// <summary>What librdkafka logs, as important as it is here.</summary>
internal static class NativeLines
{
    /// <summary>
    /// Every client of every program says this once at its start: which identity its metrics would have for the brokers'
    /// operator (KIP-714). It is no change of state that a program's own log is for.
    /// </summary>
    private const string TelemetryIdentity = "GETSUBSCRIPTIONS";

    /// <summary>The level at which a line is logged.</summary>
    /// <param name="level">As librdkafka has it.</param>
    /// <param name="facility">What the line is about, by librdkafka's name.</param>
    public static LogLevel LevelOf(LogLevel level, string facility) =>
        level == LogLevel.Information && facility == TelemetryIdentity ? LogLevel.Debug : level;
}

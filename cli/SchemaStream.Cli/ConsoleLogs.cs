using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace SchemaStream.Cli;

/// <summary>Logs to standard error, one line each; standard output is for what scripts wait for.</summary>
internal static class ConsoleLogs
{
    public static ILoggerFactory Create(LogLevel least) => LoggerFactory.Create(builder => builder
        .SetMinimumLevel(least)
        .AddFilter("Microsoft", (LogLevel)Math.Max((int)least, (int)LogLevel.Warning)) // our own lines tell what is up
        .AddFilter("Microsoft.Extensions.Hosting", LogLevel.None) // a start that fails is told once, as a sentence
        .AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace)
        .AddSimpleConsole(format =>
        {
            format.SingleLine = true;
            format.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ ";
            format.UseUtcTimestamp = true;
            format.ColorBehavior = LoggerColorBehavior.Disabled;
        }));
}

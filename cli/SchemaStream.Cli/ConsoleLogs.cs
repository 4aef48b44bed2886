using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using SchemaStream.Broker.Server.Settings;

namespace SchemaStream.Cli;

/// <summary>Logs to standard error, one line each; standard output is for what scripts wait for.</summary>
internal static class ConsoleLogs
{
    private const string TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ ";

    public static ILoggerFactory Create(LogLevel least) => Create(least, [], isJson: false);

    /// <summary>As the node's settings have it.</summary>
    /// <param name="settings">Checked ones.</param>
    /// <param name="least">What the command line says; null for the settings.</param>
    public static ILoggerFactory Create(BrokerSettings settings, LogLevel? least) => Create(
        least ?? Level(settings.Value(BrokerSettingNames.LogLevel)),
        Levels(settings.GivenOrNull(BrokerSettingNames.LogLevels)),
        settings.Value(BrokerSettingNames.LogFormat) == "json");

    private static ILoggerFactory Create(LogLevel least, IReadOnlyList<KeyValuePair<string, LogLevel>> levels, bool isJson) =>
        LoggerFactory.Create(builder =>
        {
            builder
                .SetMinimumLevel(least)
                .AddFilter("Microsoft", (LogLevel)Math.Max((int)least, (int)LogLevel.Warning)) // our own lines tell what is up
                .AddFilter("Microsoft.Extensions.Hosting", LogLevel.None); // a start that fails is told once, as a sentence
            foreach (var (category, level) in levels)
            {
                builder.AddFilter(category, level);
            }

            builder.AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
            if (isJson)
            {
                builder.AddJsonConsole(format =>
                {
                    format.TimestampFormat = TimestampFormat.Trim();
                    format.UseUtcTimestamp = true;
                });
            }
            else
            {
                builder.AddSimpleConsole(format =>
                {
                    format.SingleLine = true;
                    format.TimestampFormat = TimestampFormat;
                    format.UseUtcTimestamp = true;
                    format.ColorBehavior = LoggerColorBehavior.Disabled;
                });
            }
        });

    private static LogLevel Level(string name) => Enum.Parse<LogLevel>(name, ignoreCase: true);

    private static List<KeyValuePair<string, LogLevel>> Levels(string? text) =>
    [
        .. (text ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Select(item => item.Split('=', 2, StringSplitOptions.TrimEntries))
            .Select(pair => KeyValuePair.Create(pair[0], Level(pair[1]))),
    ];
}

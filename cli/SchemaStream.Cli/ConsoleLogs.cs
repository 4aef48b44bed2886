using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;
using SchemaStream.Broker.Server.Settings;

namespace SchemaStream.Cli;

/// <summary>Logs to standard error, one line each; standard output is for what scripts wait for.</summary>
internal static class ConsoleLogs
{
    public static ILoggerFactory Create(LogLevel least) => Create(least, [], isJson: false);

    /// <summary>As the node's settings have it.</summary>
    /// <param name="settings">Checked ones.</param>
    /// <param name="least">What the command line says; null for the settings.</param>
    public static ILoggerFactory Create(BrokerSettings settings, LogLevel? least) => Create(
        least ?? Level(settings.Value(BrokerSettingNames.LogLevel)),
        Levels(settings.GivenOrNull(BrokerSettingNames.LogLevels)),
        settings.Value(BrokerSettingNames.LogFormat) == "json");

    /// <summary>Lines, or JSON for programs that collect logs.</summary>
    public static ILoggerFactory Create(LogLevel least, bool isJson) => Create(least, [], isJson);

    private static ILoggerFactory Create(LogLevel least, IReadOnlyList<KeyValuePair<string, LogLevel>> levels, bool isJson)
    {
        var filters = new LoggerFilterOptions { MinLevel = least };
        filters.AddFilter("Microsoft", (LogLevel)Math.Max((int)least, (int)LogLevel.Warning)); // our own lines tell what is up
        filters.AddFilter("Microsoft.Extensions.Hosting", LogLevel.None); // a start that fails is told once, as a sentence
        foreach (var (category, level) in levels)
        {
            filters.AddFilter(category, level);
        }

        return isJson ? Json(filters) : Lines(filters);
    }

    private static LoggerFactory Lines(LoggerFilterOptions filters)
    {
        var console = new ConsoleLoggerOptions
        {
            FormatterName = LineFormatter.FormatterName,
            LogToStandardErrorThreshold = LogLevel.Trace,
        };
        var factory = new LoggerFactory([], filters);

        // Added, not given to the constructor, it belongs to the factory, which waits for its last lines.
        factory.AddProvider(new ConsoleLoggerProvider(
            new Fixed<ConsoleLoggerOptions>(console), [new LineFormatter(TimeProvider.System)]));
        return factory;
    }

    private static ILoggerFactory Json(LoggerFilterOptions filters) => LoggerFactory.Create(builder =>
    {
        builder.Services.AddSingleton<IOptionsMonitor<LoggerFilterOptions>>(new Fixed<LoggerFilterOptions>(filters));
        builder.AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        builder.AddJsonConsole(format =>
        {
            format.TimestampFormat = LineFormatter.TimestampFormat.Trim();
            format.UseUtcTimestamp = true;
        });
    });

    private static LogLevel Level(string name) => Enum.Parse<LogLevel>(name, ignoreCase: true);

    private static List<KeyValuePair<string, LogLevel>> Levels(string? text) =>
    [
        .. (text ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Select(item => item.Split('=', 2, StringSplitOptions.TrimEntries))
            .Select(pair => KeyValuePair.Create(pair[0], Level(pair[1]))),
    ];

    /// <summary>Options that stay as they are.</summary>
    private sealed class Fixed<TOptions>(TOptions value) : IOptionsMonitor<TOptions>
    {
        public TOptions CurrentValue => value;

        public TOptions Get(string? name) => value;

        public IDisposable? OnChange(Action<TOptions, string?> listener) => null;
    }
}

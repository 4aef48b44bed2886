using System.Globalization;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace SchemaStream.Cli;

/// <summary>One line for each message: when, how severe, by whom, what; without scopes and colours.</summary>
/// <remarks>
/// The console logger's own formatter says the same, and can only be had with a container of services and options bound by
/// reflection: a tenth of the whole start.
/// </remarks>
internal sealed class LineFormatter(TimeProvider timeProvider) : ConsoleFormatter(FormatterName)
{
    public const string FormatterName = "line";
    public const string TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ ";

    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        var message = logEntry.Formatter(logEntry.State, logEntry.Exception);
        if (message is null && logEntry.Exception is null)
        {
            return;
        }

        textWriter.Write(timeProvider.GetUtcNow().ToString(TimestampFormat, CultureInfo.InvariantCulture));
        textWriter.Write(Severity(logEntry.LogLevel));
        textWriter.Write(": ");
        textWriter.Write(logEntry.Category);
        textWriter.Write('[');
        textWriter.Write(logEntry.EventId.Id.ToString(CultureInfo.InvariantCulture));
        textWriter.Write(']');
        WriteOnLine(textWriter, message);
        WriteOnLine(textWriter, logEntry.Exception?.ToString());
        textWriter.Write(Environment.NewLine);
    }

    private static void WriteOnLine(TextWriter writer, string? text)
    {
        if (!string.IsNullOrEmpty(text))
        {
            writer.Write(' ');
            writer.Write(text.Replace(Environment.NewLine, " ", StringComparison.Ordinal));
        }
    }

    private static string Severity(LogLevel level) => level switch
    {
        LogLevel.Trace => "trce",
        LogLevel.Debug => "dbug",
        LogLevel.Information => "info",
        LogLevel.Warning => "warn",
        LogLevel.Error => "fail",
        _ => "crit",
    };
}

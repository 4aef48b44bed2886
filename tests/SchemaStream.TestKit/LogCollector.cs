using System.Collections.Immutable;
using Microsoft.Extensions.Logging;

namespace SchemaStream.TestKit;

/// <summary>One line of a log.</summary>
public sealed record LogLine(string Category, LogLevel Level, EventId EventId, string Message, Exception? Exception);

/// <summary>Keeps what was logged, and wakes whoever waits for a line.</summary>
public sealed class LogCollector : ILoggerFactory
{
    private readonly Lock _lock = new();
    private ImmutableList<LogLine> _lines = [];
    private TaskCompletionSource _changed = NewSignal();

    public IReadOnlyList<LogLine> Lines
    {
        get
        {
            lock (_lock)
            {
                return _lines;
            }
        }
    }

    /// <summary>The first line that fits, now or later.</summary>
    public async Task<LogLine> WaitForAsync(Func<LogLine, bool> fits, TimeSpan? limit = null)
    {
        using var deadline = new CancellationTokenSource(limit ?? TestTime.Limit);
        while (true)
        {
            IReadOnlyList<LogLine> lines;
            Task changed;
            lock (_lock)
            {
                lines = _lines;
                changed = _changed.Task;
            }

            if (lines.FirstOrDefault(fits) is { } line)
            {
                return line;
            }

            try
            {
                await changed.WaitAsync(deadline.Token);
            }
            catch (OperationCanceledException)
            {
                throw new TimeoutException(
                    "No log line fits. Logged were:\n" + string.Join('\n', Lines.Select(entry => $"{entry.Level} {entry.Message}")));
            }
        }
    }

    /// <summary>The first line that contains the text.</summary>
    public Task<LogLine> WaitForAsync(string text) =>
        WaitForAsync(line => line.Message.Contains(text, StringComparison.Ordinal));

    public ILogger CreateLogger(string categoryName) => new Logger(this, categoryName);

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException("A collector is the only provider");

    public void Dispose()
    {
    }

    private void Add(LogLine line)
    {
        TaskCompletionSource changed;
        lock (_lock)
        {
            _lines = _lines.Add(line);
            changed = _changed;
            _changed = NewSignal();
        }

        changed.SetResult();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private sealed class Logger(LogCollector collector, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Debug;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
            {
                collector.Add(new LogLine(category, logLevel, eventId, formatter(state, exception), exception));
            }
        }
    }
}

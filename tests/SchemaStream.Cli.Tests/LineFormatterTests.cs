using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace SchemaStream.Cli.Tests;

public sealed class LineFormatterTests
{
    private readonly LineFormatter _formatter = new(new FixedTime());

    [Theory]
    [InlineData(LogLevel.Trace, "trce")]
    [InlineData(LogLevel.Debug, "dbug")]
    [InlineData(LogLevel.Information, "info")]
    [InlineData(LogLevel.Warning, "warn")]
    [InlineData(LogLevel.Error, "fail")]
    [InlineData(LogLevel.Critical, "crit")]
    public void AMessageIsOneLineOfWhenHowSevereByWhomAndWhat(LogLevel level, string name) =>
        Line(level, "it happened", null).ShouldBe($"2026-01-02T03:04:05.678Z {name}: SchemaStream.Somewhere[42] it happened{Environment.NewLine}");

    [Fact]
    public void WhatHasSeveralLinesIsStillOne()
    {
        var line = Line(LogLevel.Error, $"first{Environment.NewLine}second", new IOException($"disk{Environment.NewLine}full"));

        line.ShouldBe(
            "2026-01-02T03:04:05.678Z fail: SchemaStream.Somewhere[42] first second System.IO.IOException: disk full" + Environment.NewLine);
    }

    [Fact]
    public void WhatSaysNothingIsNotWritten() => Line(LogLevel.Information, null, null).ShouldBeEmpty();

    private string Line(LogLevel level, string? message, Exception? exception)
    {
        var writer = new StringWriter();
        _formatter.Write(
            new LogEntry<int>(level, "SchemaStream.Somewhere", new EventId(42), 0, exception, (_, _) => message!), null, writer);
        return writer.ToString();
    }

    private sealed class FixedTime : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => new(2026, 1, 2, 3, 4, 5, 678, TimeSpan.Zero);
    }
}

using System.Globalization;
using System.Text.RegularExpressions;

namespace SchemaStream.Architecture.Tests;

/// <summary>An operator's alert names a log line by its event id: one id, one line, in all that runs in one process.</summary>
public sealed partial class EventIdTests
{
    private static readonly string[] Rooms = ["broker/", "registry/", "cli/"];

    [Fact]
    public void EventId_BelongsToOneLogLine()
    {
        var lines = (
            from file in Repository.Files(".cs")
            where Array.Exists(Rooms, room => file.StartsWith(room, StringComparison.Ordinal))
            from Match message in Message().Matches(Repository.Read(file))
            select (File: file, Id: Id(message.Groups[1].Value), Text: message.Groups[1].Value.ReplaceLineEndings(" "))).ToList();

        lines.Count.ShouldBeGreaterThan(50);
        lines.Where(line => line.Id is null).Select(line => $"{line.File}: {line.Text}").ShouldBeEmpty("a log line without an event id");
        lines.GroupBy(line => line.Id)
            .Where(group => group.Count() > 1)
            .Select(group => $"{group.Key}: {string.Join(", ", group.Select(line => line.File))}")
            .ShouldBeEmpty("an event id of several log lines");
    }

    private static int? Id(string arguments) =>
        Number().Match(arguments) is { Success: true } id ? int.Parse(id.Groups[1].Value, CultureInfo.InvariantCulture) : null;

    /// <summary>The attribute's arguments up to its text, which comes last and may hold anything.</summary>
    [GeneratedRegex("""\[LoggerMessage\(([^"]*)""")]
    private static partial Regex Message();

    [GeneratedRegex(@"^\s*(?:EventId\s*=\s*)?(\d+)")]
    private static partial Regex Number();
}

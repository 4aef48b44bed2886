using System.CommandLine;
using System.Globalization;
using System.Xml;
using SchemaStream.Cli.Errors;
using SchemaStream.Cli.Kafka;
using SchemaStream.Cli.Kafka.Groups;
using SchemaStream.Cli.Kafka.Options;

namespace SchemaStream.Cli.Groups;

/// <summary>Of which partitions a group's offsets are set, and where to; by the names that Kafka's own tool has for it.</summary>
internal sealed class ResetScope
{
    private readonly Option<string[]> _topics = new("--topic")
    {
        Description = "The topic, or some of its partitions as orders:0,1; may be repeated", HelpName = "TOPIC", DefaultValueFactory = _ => [],
    };

    private readonly Option<bool> _allTopics = new("--all-topics") { Description = "All topics that the group has offsets of" };
    private readonly Option<bool> _toEarliest = new("--to-earliest") { Description = "To the first record that there is" };
    private readonly Option<bool> _toLatest = new("--to-latest") { Description = "Behind the last record" };
    private readonly Option<bool> _toCurrent = new("--to-current") { Description = "To where the group is; where it has been nowhere, behind the last record" };
    private readonly Option<long?> _toOffset = new("--to-offset") { Description = "To an offset", HelpName = "OFFSET" };
    private readonly Option<long?> _shiftBy = new("--shift-by") { Description = "So many records on; back, when negative", HelpName = "N" };
    private readonly Option<string?> _toDateTime = new("--to-datetime") { Description = "To the first record from then on: 2026-01-31T12:00:00.000, in UTC or with +01:00", HelpName = "TIME" };
    private readonly Option<string?> _byDuration = new("--by-duration") { Description = "To the first record since so long ago: P1DT2H30M", HelpName = "DURATION" };
    private readonly Option<FileInfo?> _fromFile = new("--from-file") { Description = "To the offsets of a file with topic,partition,offset", HelpName = "FILE" };

    private Option[] Scenarios => [_toEarliest, _toLatest, _toCurrent, _toOffset, _shiftBy, _toDateTime, _byDuration, _fromFile];

    public Command AddTo(Command command)
    {
        command.Options.Add(_topics);
        command.Options.Add(_allTopics);
        foreach (var scenario in Scenarios)
        {
            command.Options.Add(scenario);
        }

        command.Validators.Add(result =>
        {
            bool IsGiven(Option option) => result.GetResult(option) is { Implicit: false };
            if (Scenarios.Count(IsGiven) != 1)
            {
                result.AddError($"Exactly one of {string.Join(", ", Scenarios.Select(option => option.Name))} is expected.");
            }
            else if (!IsGiven(_fromFile) && IsGiven(_topics) == IsGiven(_allTopics))
            {
                result.AddError("Either --topic or --all-topics is expected.");
            }
        });
        return command;
    }

    /// <summary>What is said, as Kafka's own tool takes it.</summary>
    /// <exception cref="CliException">A time is none.</exception>
    public ToolArguments Read(ParseResult parsed, string group)
    {
        var given = new Dictionary<string, List<string>>(StringComparer.Ordinal) { ["group"] = [group] };
        Add(given, "topic", parsed.GetValue(_topics) is { Length: > 0 } topics ? [.. topics] : null);
        Add(given, "all-topics", parsed.GetValue(_allTopics) ? [] : null);
        Add(given, "to-earliest", parsed.GetValue(_toEarliest) ? [] : null);
        Add(given, "to-latest", parsed.GetValue(_toLatest) ? [] : null);
        Add(given, "to-current", parsed.GetValue(_toCurrent) ? [] : null);
        Add(given, "to-offset", parsed.GetValue(_toOffset) is { } offset ? [offset.ToString(CultureInfo.InvariantCulture)] : null);
        Add(given, "shift-by", parsed.GetValue(_shiftBy) is { } shift ? [shift.ToString(CultureInfo.InvariantCulture)] : null);
        Add(given, "to-datetime", parsed.GetValue(_toDateTime) is { } when ? [Checked("--to-datetime", when, text => OffsetScopes.ParseDateTime(text))] : null);
        Add(given, "by-duration", parsed.GetValue(_byDuration) is { } duration ? [Checked("--by-duration", duration, text => XmlConvert.ToTimeSpan(text))] : null);
        Add(given, "from-file", parsed.GetValue(_fromFile) is { } file ? [file.FullName] : null);
        return new ToolArguments(given, [.. given.Keys]);
    }

    private static void Add(Dictionary<string, List<string>> given, string name, List<string>? values)
    {
        if (values is not null)
        {
            given.Add(name, values);
        }
    }

    private static string Checked<T>(string option, string text, Func<string, T> read)
    {
        try
        {
            _ = read(text);
            return text;
        }
        catch (Exception wrong) when (wrong is FormatException or OverflowException or ToolFailedException)
        {
            throw ErrorCatalog.Usage.Exception($"{option} {text}: {wrong.Message}", inner: wrong);
        }
    }
}

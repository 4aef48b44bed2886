using System.Text;
using System.Text.RegularExpressions;
using SchemaStream.Cli.Errors;
using SchemaStream.Cli.Kafka;
using SchemaStream.Cli.Output;

namespace SchemaStream.Cli.Tests.Output;

/// <summary>What goes where, and with colours when.</summary>
public sealed partial class CommandOutputTests
{
    private static readonly string[][] Rows = [["orders", "9007199254740993"], ["[red]x[/]", "2"]];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Tables_ArePlainLinesWhereNobodyLooksOn(bool hasColours)
    {
        var (output, errors) = Run(hasColours, isTerminal: false, OutputFormat.Table, told => told.Table(["TOPIC", "N"], Rows));

        output.ShouldBe("TOPIC      N\norders     9007199254740993\n[red]x[/]  2\n");
        errors.ShouldBeEmpty();
    }

    [Fact]
    public void Tables_OnATerminal_HaveBorders_AndColoursWhereItHasThem()
    {
        var plain = Run(hasColours: false, isTerminal: true, OutputFormat.Table, told => told.Table(["TOPIC", "N"], Rows)).Output;
        plain = Styles().Replace(plain, "");
        plain.ReplaceLineEndings("\n").ShouldBe("""
            ╭───────────┬──────────────────╮
            │ TOPIC     │                N │
            ├───────────┼──────────────────┤
            │ orders    │ 9007199254740993 │
            │ [red]x[/] │                2 │
            ╰───────────┴──────────────────╯

            """.ReplaceLineEndings("\n"));

        var coloured = Run(hasColours: true, isTerminal: true, OutputFormat.Table, told => told.Table(["TOPIC", "N"], Rows)).Output;
        coloured.ShouldContain("\u001b[36morders");
        Styles().Replace(coloured, "").ShouldBe(plain);
    }

    [Fact]
    public void Tables_OnANarrowTerminal_BreakTheirCells_AndLoseNothing()
    {
        var name = string.Concat(Enumerable.Repeat("name.", 20));

        var (output, _) = Run(hasColours: false, isTerminal: true, OutputFormat.Table, told => told.Table(["TOPIC"], [[name]]));

        var lines = Styles().Replace(output, "").Split('\n', StringSplitOptions.RemoveEmptyEntries);
        lines.ShouldAllBe(line => line.TrimEnd().Length <= 60);
        string.Concat(lines.Skip(3).SkipLast(1).Select(line => line.Trim('│', ' ', '\r'))).ShouldBe(name);
    }

    [Fact]
    public void Progress_IsShownOnATerminalAlone_AndNeverAmongResults()
    {
        Run(hasColours: true, isTerminal: false, OutputFormat.Table, told => told.Progress("deleting", 1, 2)).ShouldBe(("", ""));
        foreach (var format in new[] { OutputFormat.Table, OutputFormat.Json })
        {
            var (output, errors) = Run(hasColours: true, isTerminal: true, format, told => told.Progress("deleting [1]", 1, 2));
            output.ShouldBeEmpty();
            errors = Styles().Replace(errors, "");
            errors.ShouldContain("deleting [1]");
            errors.ShouldContain("50%");
        }
    }

    [Fact]
    public void Progress_HasEnded_WhenSomethingElseIsWritten()
    {
        var (output, errors) = Run(hasColours: false, isTerminal: true, OutputFormat.Table, told =>
        {
            told.Progress("deleting", 1, 2);
            told.Note("a note");
            told.Progress("deleting", 2, 2);
            told.Line("done");
        });

        output.ShouldBe("done\n");
        errors = Styles().Replace(errors, "").ReplaceLineEndings("\n");
        errors.ShouldContain("\na note\n");
        errors.ShouldContain("100%");
        errors.ShouldEndWith("\n");
    }

    [Fact]
    public void Errors_AreResultsInJsonAlone()
    {
        var error = ErrorCatalog.TopicUnknown.Of("There is no topic 'x'.", "why");
        var people = Run(hasColours: false, isTerminal: false, OutputFormat.Table, told => told.Error(error));
        people.Output.ShouldBeEmpty();
        people.Errors.ShouldContain("error SS4001: There is no topic 'x'.");
        people.Errors.ShouldContain("cause: why");
        var programs = Run(hasColours: false, isTerminal: false, OutputFormat.Json, told => told.Error(error));
        programs.Errors.ShouldBeEmpty();
        new CommandRun(5, programs.Output, "").Result("error").GetProperty("error").GetProperty("code").GetString().ShouldBe("SS4001");
    }

    [GeneratedRegex("\u001b\\[[0-9;?]*[A-Za-z]")]
    private static partial Regex Styles();

    private static (string Output, string Errors) Run(bool hasColours, bool isTerminal, OutputFormat format, Action<CommandOutput> tell)
    {
        using var bytes = new MemoryStream();
        using var errors = new StringWriter { NewLine = "\n" };
        using var console = new ToolConsole(Stream.Null, bytes, errors) 
        {
            HasColours = hasColours, IsErrorTerminal = isTerminal, IsOutputTerminal = isTerminal, LineWidth = 60,
        };
        var output = new CommandOutput(console, format);
        tell(output);
        output.Flush();
        return (Encoding.UTF8.GetString(bytes.ToArray()), errors.ToString());
    }
}

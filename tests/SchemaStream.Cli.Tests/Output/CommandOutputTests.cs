using System.Text;
using SchemaStream.Cli.Errors;
using SchemaStream.Cli.Kafka;
using SchemaStream.Cli.Output;

namespace SchemaStream.Cli.Tests.Output;

/// <summary>What goes where, and with colours when.</summary>
public sealed class CommandOutputTests
{
    [Theory]
    [InlineData(false, "TOPIC   N\norders  1\n")]
    [InlineData(true, "\u001b[1mTOPIC   N\u001b[0m\norders  1\n")]
    public void Tables_HaveColoursWhereTheConsoleDoes(bool hasColours, string expected)
    {
        var (output, errors) = Run(hasColours, isTerminal: false, OutputFormat.Table, told => told.Table(["TOPIC", "N"], [["orders", "1"]]));

        output.ShouldBe(expected);
        errors.ShouldBeEmpty();
    }

    [Fact]
    public void Progress_IsShownOnATerminalAlone_AndNeverAmongResults()
    {
        Run(hasColours: true, isTerminal: false, OutputFormat.Table, told => told.Progress("deleting", 1, 2)).ShouldBe(("", ""));
        var (output, errors) = Run(hasColours: true, isTerminal: true, OutputFormat.Table, told => told.Progress("deleting", 1, 2));
        output.ShouldBeEmpty();
        errors.ShouldContain("deleting [############............] 1/2");
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

    private static (string Output, string Errors) Run(bool hasColours, bool isTerminal, OutputFormat format, Action<CommandOutput> tell)
    {
        using var bytes = new MemoryStream();
        using var errors = new StringWriter { NewLine = "\n" };
        using var console = new ToolConsole(Stream.Null, bytes, errors) { HasColours = hasColours, IsErrorTerminal = isTerminal };
        var output = new CommandOutput(console, format);
        tell(output);
        output.Flush();
        return (Encoding.UTF8.GetString(bytes.ToArray()), errors.ToString());
    }
}

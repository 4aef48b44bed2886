using System.Globalization;
using System.Text;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace SchemaStream.Cli.Output;

/// <summary>
/// What is shown on a terminal alone: tables with borders and colours, bars of long work. Nothing of it is loaded where output
/// goes to a file or a program, nor where a command has neither.
/// </summary>
internal static class TerminalView
{
    private const int NarrowestLine = 40;
    private const int StandardLine = 80;

    /// <summary>A table; cells that are too wide are broken into several lines.</summary>
    /// <param name="writer">The terminal.</param>
    /// <param name="width">Characters of a line; null: the terminal is asked.</param>
    /// <param name="hasColours">Whether it may have colours.</param>
    /// <param name="headers">A title for each column.</param>
    /// <param name="rows">As many cells each.</param>
    public static void WriteTable(
        TextWriter writer, int? width, bool hasColours, IReadOnlyList<string> headers, IReadOnlyList<IReadOnlyList<string>> rows)
    {
        var table = new Table { Border = TableBorder.Rounded, BorderStyle = new Style(decoration: Decoration.Dim), UseSafeBorder = false };
        for (var column = 0; column < headers.Count; column++)
        {
            table.AddColumn(new TableColumn(new Text(headers[column], new Style(decoration: Decoration.Bold)))
            {
                Alignment = IsOfNumbers(rows, column) ? Justify.Right : Justify.Left,
            });
        }

        foreach (var row in rows)
        {
            table.AddRow(row.Select((cell, column) => (IRenderable)new Text(cell, column == 0 ? new Style(Color.Teal) : Style.Plain)));
        }

        On(writer, width, hasColours).Write(table);
    }

    /// <summary>Spectre's view of a terminal that we know about: it is not to find out by itself.</summary>
    public static IAnsiConsole On(TextWriter writer, int? width, bool hasColours)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.Yes,
            ColorSystem = hasColours ? ColorSystemSupport.Standard : ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.Yes,
            Enrichment = new ProfileEnrichment { UseDefaultEnrichers = false },
            Out = new Terminal(writer, Math.Max(NarrowestLine, width ?? (Console.WindowWidth is > 0 and var asked ? asked : StandardLine))),
        });
        console.Profile.Capabilities.Unicode = true;
        return console;
    }

    private static bool IsOfNumbers(IReadOnlyList<IReadOnlyList<string>> rows, int column) =>
        rows.Count > 0 && rows.All(row => row[column] is "-" or ""
            || decimal.TryParse(row[column], NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out _));

    private sealed class Terminal(TextWriter writer, int width) : IAnsiConsoleOutput
    {
        public TextWriter Writer => writer;

        public bool IsTerminal => true;

        public int Width => width;

        public int Height => 24; // of no concern: nothing of ours fills a screen

        public void SetEncoding(Encoding encoding)
        {
            // The writer's is UTF-8 already.
        }
    }
}

using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using SchemaStream.Cli.Errors;
using SchemaStream.Cli.Kafka;

namespace SchemaStream.Cli.Output;

/// <summary>
/// What a command writes: results to standard output, all else to standard error. With <c>--output json</c> an error is a
/// result as well: an object on standard output, behind what was written before it.
/// </summary>
/// <param name="console">Where to.</param>
/// <param name="format">In what form.</param>
internal sealed class CommandOutput(ToolConsole console, OutputFormat format)
{
    private const int WidestColumn = 120;
    private const string Red = "\u001b[31m";
    private const string Plain = "\u001b[0m";

    private static readonly JsonWriterOptions Writing = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly JsonWriterOptions WritingIndented = Writing with { Indented = true };

    private TerminalProgress? _progress;

    public bool IsJson => format == OutputFormat.Json;

    /// <summary>Where results go that are not text of ours, such as records. <see cref="Flush"/> before.</summary>
    public Stream Results => console.Output;

    public Stream Input => console.Input;

    /// <summary>Warnings and the like.</summary>
    public TextWriter Notes => console.Error;

    /// <summary>Whether someone is there to be asked.</summary>
    public bool IsTerminal => console.IsTerminal;

    /// <summary>A line for people; nothing in JSON.</summary>
    public void Line(string text)
    {
        if (!IsJson)
        {
            EndProgress();
            console.Text.Write(text);
            console.Text.Write('\n');
        }
    }

    /// <summary>A table for people; nothing in JSON. Where nobody looks on, a row is a line, for other programs to take apart.</summary>
    public void Table(IReadOnlyList<string> headers, IReadOnlyList<IReadOnlyList<string>> rows)
    {
        if (IsJson)
        {
            return;
        }

        EndProgress();
        if (console.IsOutputTerminal)
        {
            TerminalView.WriteTable(console.Text, console.LineWidth, console.HasColours, headers, rows);
            return;
        }

        var widths = new int[headers.Count];
        for (var column = 0; column < headers.Count; column++)
        {
            widths[column] = Math.Min(WidestColumn, rows.Select(row => row[column].Length).Append(headers[column].Length).Max());
        }

        Line(Row(headers, widths));
        foreach (var row in rows)
        {
            Line(Row(row, widths));
        }
    }

    /// <summary>The result for programs; nothing for people.</summary>
    public void Json(Action<Utf8JsonWriter> write)
    {
        if (!IsJson)
        {
            return;
        }

        EndProgress();
        using var bytes = new MemoryStream();
        using (var writer = new Utf8JsonWriter(bytes, console.IsOutputTerminal ? WritingIndented : Writing))
        {
            write(writer);
        }

        console.Text.Write(Encoding.UTF8.GetString(bytes.GetBuffer(), 0, (int)bytes.Length));
        console.Text.Write('\n');
    }

    /// <summary>Something that is worth knowing but is no result.</summary>
    public void Note(string text)
    {
        EndProgress();
        console.Error.WriteLine(text);
    }

    public void Warn(string text) => Note($"warning: {text}");

    /// <summary>How far long work is: a bar, on a terminal alone, until something else is written.</summary>
    public void Progress(string what, long done, long of)
    {
        if (console.IsErrorTerminal)
        {
            _progress ??= new TerminalProgress(console.Error, console.LineWidth, console.HasColours, what);
            _progress.Report(what, done, of);
        }
    }

    public void Error(CliError error)
    {
        EndProgress();
        Flush();
        if (IsJson)
        {
            Json(writer => Write(writer, error));
            return;
        }

        console.Error.WriteLine(console is { HasColours: true, IsErrorTerminal: true }
            ? $"{Red}error {error.Code}{Plain}: {error.Message}"
            : $"error {error.Code}: {error.Message}");
        if (error.Cause is { Length: > 0 } cause)
        {
            console.Error.WriteLine($"  cause: {cause}");
        }

        if (error.NextStep is { Length: > 0 } next)
        {
            console.Error.WriteLine($"  next:  {next}");
        }
    }

    public void Flush()
    {
        EndProgress();
        console.Text.Flush();
    }

    private static void Write(Utf8JsonWriter writer, CliError error)
    {
        writer.WriteStartObject();
        writer.WriteStartObject("error");
        writer.WriteString("code", error.Code);
        writer.WriteString("message", error.Message);
        writer.WriteString("cause", error.Cause);
        writer.WriteString("nextStep", error.NextStep);
        writer.WriteNumber("exitCode", error.ExitCode);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static string Row(IReadOnlyList<string> cells, int[] widths)
    {
        var line = new StringBuilder();
        for (var column = 0; column < cells.Count; column++)
        {
            line.Append(column == 0 ? "" : "  ").Append(column == cells.Count - 1 ? cells[column] : cells[column].PadRight(widths[column]));
        }

        return line.ToString().TrimEnd();
    }

    private void EndProgress()
    {
        _progress?.Dispose();
        _progress = null;
    }
}

namespace SchemaStream.Cli.Kafka;

/// <summary>Where a tool reads from and writes to: results to one place, everything else to the other.</summary>
/// <param name="Input">What console producers send.</param>
/// <param name="Output">Results, as bytes: a record's value need not be text.</param>
/// <param name="Error">Warnings and failures.</param>
internal sealed record ToolConsole(Stream Input, Stream Output, TextWriter Error) : IDisposable
{
    /// <summary>Results as text. To be flushed before <see cref="Output"/> is written to.</summary>
    public StreamWriter Text { get; } = new(Output, new System.Text.UTF8Encoding(encoderShouldEmitUTF8Identifier: false), leaveOpen: true);

    /// <summary>Whether someone sits at it who is to be asked for input.</summary>
    public bool IsTerminal { get; init; }

    /// <summary>Whether results are seen as they are written.</summary>
    public bool IsOutputTerminal { get; init; }

    /// <summary>How many characters a line of the terminal has; null: it is asked when that matters.</summary>
    public int? LineWidth { get; init; }

    /// <summary>Whether what is seen may have colours.</summary>
    public bool HasColours { get; init; }

    /// <summary>Whether warnings and failures are seen as they are written; then they may be written over, and have colours.</summary>
    public bool IsErrorTerminal { get; init; }

    /// <summary>That of this process. No colours where NO_COLOR is set, to anything; a dumb terminal is treated as a file is.</summary>
    public static ToolConsole OfProcess() => new(Console.OpenStandardInput(), Console.OpenStandardOutput(), Console.Error)
    {
        IsTerminal = !Console.IsInputRedirected && !Console.IsOutputRedirected,
        IsOutputTerminal = !Console.IsOutputRedirected && !IsDumb,
        IsErrorTerminal = !Console.IsErrorRedirected && !IsDumb,
        HasColours = !IsDumb && Environment.GetEnvironmentVariable("NO_COLOR") is not { Length: > 0 },
    };

    /// <summary>It shows what is written, and can do nothing else.</summary>
    private static bool IsDumb => Environment.GetEnvironmentVariable("TERM") is "dumb";

    public void Dispose() => Text.Dispose();
}

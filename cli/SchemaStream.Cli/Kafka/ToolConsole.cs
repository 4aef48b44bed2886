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

    /// <summary>That of this process.</summary>
    public static ToolConsole OfProcess() => new(Console.OpenStandardInput(), Console.OpenStandardOutput(), Console.Error)
    {
        IsTerminal = !Console.IsInputRedirected && !Console.IsOutputRedirected,
    };

    public void Dispose() => Text.Dispose();
}

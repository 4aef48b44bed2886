namespace SchemaStream.Cli.Processes;

/// <summary>
/// Standard input as a life line: whoever started this process holds the other end, and its end, by whatever death, is
/// this process's sign to stop.
/// </summary>
internal static class StandardInput
{
    /// <summary>Cancels when standard input ends.</summary>
    public static void CancelAtEnd(CancellationTokenSource source) =>
        new Thread(() => WaitForEnd(source)) { IsBackground = true, Name = "standard input" }.Start();

    private static void WaitForEnd(CancellationTokenSource source)
    {
        using var input = Console.OpenStandardInput();
        var buffer = new byte[256];
        while (input.Read(buffer) > 0)
        {
            // Nothing is said on this line.
        }

        try
        {
            source.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The process ends anyway.
        }
    }
}

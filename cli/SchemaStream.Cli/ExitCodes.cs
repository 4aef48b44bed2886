namespace SchemaStream.Cli;

/// <summary>What the program ends with; the command line's own mistakes are 1 as well.</summary>
internal static class ExitCodes
{
    /// <summary>Done, or stopped as it was told to.</summary>
    public const int Done = 0;

    /// <summary>It could not; standard error has the reason.</summary>
    public const int Failed = 1;

    /// <summary>Told to stop, it was not done in time or was told again: nothing acknowledged is lost, but the next start looks through its logs.</summary>
    public const int Cut = 3;
}

namespace SchemaStream.Cli;

/// <summary>What the program ends with; the command line's own mistakes are 1 as well.</summary>
internal static class ExitCodes
{
    /// <summary>Done, or stopped as it was told to.</summary>
    public const int Done = 0;

    /// <summary>It could not; standard error has the reason.</summary>
    public const int Failed = 1;
}

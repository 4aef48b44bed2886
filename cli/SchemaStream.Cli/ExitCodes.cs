namespace SchemaStream.Cli;

/// <summary>What the program ends with.</summary>
internal static class ExitCodes
{
    /// <summary>Done, or stopped as it was told to.</summary>
    public const int Done = 0;

    /// <summary>It could not; standard error has the reason.</summary>
    public const int Failed = 1;

    /// <summary>The command line is not understood, or nobody was there to confirm. Kafka's tools end with 1 for it, as Kafka's do.</summary>
    public const int Usage = 2;

    /// <summary>The brokers or the registry do not answer.</summary>
    public const int Unreachable = 3;

    /// <summary>Incompatible, or refused by a contract.</summary>
    public const int Refused = 4;

    /// <summary>What the command is about is not there.</summary>
    public const int NotFound = 5;

    /// <summary>Of `up`, `broker` and `registry` alone. Told to stop, it was not done in time or was told again: nothing acknowledged is lost, but the next start looks through its logs.</summary>
    public const int Cut = 3;
}

namespace SchemaStream.Cli.Quorum;

/// <summary>The cluster could not be asked, or said no. The message says who and why.</summary>
internal sealed class QuorumCommandException(string message, int exitCode = ExitCodes.Failed) : Exception(message)
{
    /// <summary>With what the program ends.</summary>
    public int ExitCode => exitCode;
}

namespace SchemaStream.Cli.Quorum;

/// <summary>The cluster could not be asked, or said no. The message says who and why.</summary>
internal sealed class QuorumCommandException(string message) : Exception(message);

namespace SchemaStream.Cli.Kafka.Options;

/// <summary>The command line is wrong; the message says how.</summary>
internal sealed class ToolUsageException : Exception
{
    public ToolUsageException()
    {
    }

    public ToolUsageException(string message)
        : base(message)
    {
    }

    public ToolUsageException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>Whether all options are to be shown behind the message.</summary>
    public bool ShowsUsage { get; init; }
}

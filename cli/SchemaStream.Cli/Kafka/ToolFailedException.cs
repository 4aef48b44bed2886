using SchemaStream.Protocol;

namespace SchemaStream.Cli.Kafka;

/// <summary>A tool could not do what it was told; the message says why.</summary>
internal sealed class ToolFailedException : Exception
{
    public ToolFailedException()
    {
    }

    public ToolFailedException(string message)
        : base(message)
    {
    }

    public ToolFailedException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>The brokers refused.</summary>
    public ToolFailedException(ErrorCode error, string? message, string what)
        : base(message is { Length: > 0 } ? message : $"{what}: {error}") => Error = error;

    /// <summary>The brokers' error, where it was theirs.</summary>
    public ErrorCode Error { get; }
}

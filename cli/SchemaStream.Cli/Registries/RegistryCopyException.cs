namespace SchemaStream.Cli.Registries;

/// <summary>A registry could not be read or written as a whole; the message says where it ended and what to do.</summary>
internal sealed class RegistryCopyException(string message, Exception? cause = null) : Exception(message, cause)
{
    /// <summary>Whether there was no answer at all.</summary>
    public bool IsUnreachable { get; init; }

    /// <summary>The HTTP status of the answer that ended it; 0 where it was not an answer.</summary>
    public int Status { get; init; }
}

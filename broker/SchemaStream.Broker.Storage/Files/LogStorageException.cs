namespace SchemaStream.Broker.Storage.Files;

/// <summary>The disk did not do what it was asked to. Raised once, at the border to the file system.</summary>
public sealed class LogStorageException : Exception
{
    public LogStorageException()
    {
    }

    public LogStorageException(string message)
        : base(message)
    {
    }

    public LogStorageException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    public LogStorageException(string operation, string path, Exception innerException)
        : base($"Could not {operation} {path}: {innerException?.Message}", innerException) => Path = path;

    public LogStorageException(string operation, string path, string reason)
        : base($"Could not {operation} {path}: {reason}") => Path = path;

    /// <summary>The file or directory concerned.</summary>
    public string? Path { get; }
}

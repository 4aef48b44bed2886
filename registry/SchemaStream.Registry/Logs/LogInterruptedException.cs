namespace SchemaStream.Registry.Logs;

/// <summary>
/// A write ended without its outcome being known, or another writer came first. Begin anew, read up to there, and see.
/// </summary>
public sealed class LogInterruptedException : Exception
{
    public LogInterruptedException()
    {
    }

    public LogInterruptedException(string message)
        : base(message)
    {
    }

    public LogInterruptedException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}

namespace SchemaStream.Broker.Runtime.DataDirectories;

/// <summary>The data directory cannot be used as it is; the message says what was expected and what to do.</summary>
public sealed class DataDirectoryException : Exception
{
    public DataDirectoryException()
    {
    }

    public DataDirectoryException(string message)
        : base(message)
    {
    }

    public DataDirectoryException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}

namespace SchemaStream.Registry.Topics;

/// <summary>The cluster could not be asked for its topics, or told to make one.</summary>
public sealed class TopicDirectoryException : IOException
{
    public TopicDirectoryException()
    {
    }

    public TopicDirectoryException(string message)
        : base(message)
    {
    }

    public TopicDirectoryException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}

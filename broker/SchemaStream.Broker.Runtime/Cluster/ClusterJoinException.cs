namespace SchemaStream.Broker.Runtime.Cluster;

/// <summary>The cluster does not take this broker in; the message says why and what to do.</summary>
public sealed class ClusterJoinException : Exception
{
    public ClusterJoinException()
    {
    }

    public ClusterJoinException(string message)
        : base(message)
    {
    }

    public ClusterJoinException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}

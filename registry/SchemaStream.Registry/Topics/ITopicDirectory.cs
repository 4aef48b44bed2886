using SchemaStream.Registry.Core.Contracts;

namespace SchemaStream.Registry.Topics;

/// <summary>The topics of the cluster that the registry serves. A registry that runs alone has none.</summary>
public interface ITopicDirectory
{
    /// <summary>Whether the cluster has the topic.</summary>
    /// <exception cref="TopicDirectoryException">The cluster does not answer.</exception>
    Task<bool> ExistsAsync(string topic, CancellationToken cancellationToken);

    /// <summary>All topics whose configs state what their key or value is.</summary>
    /// <exception cref="TopicDirectoryException">The cluster does not answer.</exception>
    Task<IReadOnlyList<StatedTopic>> ListStatedAsync(CancellationToken cancellationToken);
}

/// <summary>The cluster could not be asked for its topics.</summary>
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

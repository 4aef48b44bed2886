using SchemaStream.Registry.Core.Contracts;

namespace SchemaStream.Registry.Topics;

/// <summary>The topics of the cluster that the registry serves. A registry that runs alone has none.</summary>
/// <remarks>Every call fails with a <see cref="TopicDirectoryException"/> when the cluster does not answer, or refuses to.</remarks>
public interface ITopicDirectory
{
    /// <summary>The cluster's id; empty while it is not known.</summary>
    string ClusterId { get; }

    /// <summary>A topic with what its configs state of its types; null if the cluster has no such topic.</summary>
    Task<StatedTopic?> FindAsync(string topic, CancellationToken cancellationToken);

    /// <summary>All topics whose configs state a type.</summary>
    Task<IReadOnlyList<StatedTopic>> ListStatedAsync(CancellationToken cancellationToken);

    /// <summary>Makes a topic of as many partitions and replicas as another has; one that is there stays as it is.</summary>
    Task CreateAsync(StatedTopic topic, string like, CancellationToken cancellationToken);
}

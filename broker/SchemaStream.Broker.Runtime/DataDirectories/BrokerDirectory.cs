using SchemaStream.Broker.Storage.Directories;
using SchemaStream.Broker.Storage.Files;

namespace SchemaStream.Broker.Runtime.DataDirectories;

/// <summary>
/// The directory that holds all a broker keeps. Open, it is this process's alone; a new one is formatted, one of another
/// broker or cluster is refused.
/// </summary>
internal sealed class BrokerDirectory : IDisposable
{
    private BrokerDirectory(DataDirectory data, MetaProperties properties)
    {
        Data = data;
        Properties = properties;
    }

    public DataDirectory Data { get; }

    public MetaProperties Properties { get; }

    /// <param name="clusterId">The cluster to belong to; null for whichever it is.</param>
    /// <param name="mayFound">
    /// Whether the node may found a cluster of its own: where there are others, each would found another one.
    /// </param>
    /// <exception cref="DataDirectoryException">It is in use, or someone else's.</exception>
    public static BrokerDirectory Open(ILogDirectory root, int nodeId, string? clusterId, bool mayFound)
    {
        var data = Lock(root);
        try
        {
            return new BrokerDirectory(data, ReadOrFormat(data, nodeId, clusterId, mayFound));
        }
        catch (Exception refusal) when (refusal is DataDirectoryException or LogStorageException)
        {
            data.Dispose();
            throw;
        }
    }

    public void Dispose() => Data.Dispose();

    private static DataDirectory Lock(ILogDirectory root)
    {
        try
        {
            return DataDirectory.Open(root);
        }
        catch (LogStorageException held) when (held.Path?.EndsWith(DataDirectory.LockFile, StringComparison.Ordinal) == true)
        {
            throw new DataDirectoryException(
                $"The data directory {root.Path} is in use by another process (its file {DataDirectory.LockFile} is locked). " +
                "Stop the other broker, or give this one a directory of its own.",
                held);
        }
    }

    private static MetaProperties ReadOrFormat(DataDirectory data, int nodeId, string? clusterId, bool mayFound)
    {
        var root = data.Root;
        var path = Path.Combine(root.Path, MetaProperties.FileName);
        if (root.ReadText(MetaProperties.FileName) is not { } text)
        {
            // Without the file there is no telling whose partitions these are.
            if (data.ListPartitions() is { Count: > 0 } partitions)
            {
                throw new DataDirectoryException(
                    $"{root.Path} holds partitions ({partitions[0].Partition.Name}) but no {MetaProperties.FileName}, which says " +
                    "whose they are. Give the broker an empty directory, or bring the file back.");
            }

            if (clusterId is null && !mayFound)
            {
                throw new DataDirectoryException(
                    $"{root.Path} is new, and the quorum has more voters than this node: give all nodes of the cluster the same " +
                    $"cluster.id, e.g. {MetaProperties.NewId()}.");
            }

            var fresh = new MetaProperties(clusterId ?? MetaProperties.NewId(), nodeId, MetaProperties.NewId());
            root.ReplaceText(MetaProperties.FileName, fresh.Format(), durable: true);
            return fresh;
        }

        var found = MetaProperties.Parse(text, path);
        if (found.NodeId != nodeId)
        {
            throw new DataDirectoryException($"{path} belongs to node {found.NodeId}; this broker is node {nodeId}.");
        }

        return clusterId is null || clusterId == found.ClusterId
            ? found
            : throw new DataDirectoryException($"{path} belongs to cluster {found.ClusterId}; this broker is of cluster {clusterId}.");
    }
}

using SchemaStream.Broker.Metadata.Images;
using SchemaStream.Broker.Runtime.Access;
using SchemaStream.Broker.Runtime.Lanes;
using SchemaStream.Broker.Storage.Files;
using SchemaStream.Protocol;

namespace SchemaStream.Broker.Runtime.Partitions;

/// <summary>Taking away the partitions of deleted topics, and those that others hold now.</summary>
internal sealed partial class ReplicaHost
{
    /// <summary>So that checkpoints gathered before a removal are not written after it.</summary>
    private readonly System.Threading.Lock _removing = new();
    private Task _removals = Task.CompletedTask;

    /// <summary>
    /// Partitions here that a newer image takes away: their topic is deleted, or they were assigned to others. As long as a
    /// reassignment is under way, those that are to go still count among the replicas.
    /// </summary>
    private List<HostedPartition> Gone(MetadataImage previous, MetadataImage image, Func<TopicImage, bool> concerns)
    {
        var gone = new List<HostedPartition>();
        foreach (var (_, topic) in previous.TopicsByName)
        {
            if ((image.TryGetTopic(topic.TopicId, out var now) && ReferenceEquals(now, topic)) || !concerns(topic))
            {
                continue;
            }

            for (var index = 0; index < topic.Partitions.Length; index++)
            {
                if (now?.Partition(index)?.Replicas.Contains(_nodeId) != true
                    && _partitions.TryGet(new TopicIdPartition(topic.TopicId, index), out var partition))
                {
                    gone.Add(partition);
                }
            }
        }

        return gone;
    }

    private async Task RemoveAsync(List<HostedPartition> gone, MetadataImage image)
    {
        if (gone.Count == 0)
        {
            return;
        }

        lock (_removing)
        {
            foreach (var partition in gone)
            {
                _partitions.Remove(partition);
            }
        }

        _fetchers.Stop(gone.Select(partition => partition.Id));
        try
        {
            _data.ForgetCheckpoints([.. gone.Select(partition => partition.Directory)]);
        }
        catch (LogStorageException cause)
        {
            CheckpointsNotWritten(gone.Count, cause);
        }

        foreach (var partition in gone)
        {
            // Of a topic that lives on, who waits here has to look for the new leader, not to give the topic up.
            var (topicId, index) = (partition.Id.TopicId, partition.Id.Partition);
            var isElsewhere = image.TryGetTopic(topicId, out var topic) && topic.Partition(index) is not null;
            await RemoveAsync(partition, isElsewhere ? ErrorCode.NotLeaderOrFollower : ErrorCode.UnknownTopicOrPartition)
                .ConfigureAwait(false);
        }
    }

    private async Task RemoveAsync(HostedPartition partition, ErrorCode error)
    {
        await partition.Lane.RunAsync(new LaneCall<bool>(partition, _ =>
        {
            partition.Close(error, PartitionEnd.Abandoned);
            return true;
        })).ConfigureAwait(false);
        try
        {
            var deleteFiles = _data.Delete(partition.Directory, Guid.NewGuid());

            // Gigabytes take their time; what is not deleted when the broker stops goes at its next start.
            _removals = Task.WhenAll(_removals, Task.Run(() => DeleteFiles(partition.Name, deleteFiles)));
        }
        catch (LogStorageException cause)
        {
            // The topic is gone all the same; the next start sets the directory aside.
            FilesNotDeleted(partition.Name, cause);
        }
    }

    private void DeleteFiles(string partition, Action deleteFiles)
    {
        try
        {
            deleteFiles();
        }
        catch (LogStorageException cause)
        {
            FilesNotDeleted(partition, cause);
        }
    }
}

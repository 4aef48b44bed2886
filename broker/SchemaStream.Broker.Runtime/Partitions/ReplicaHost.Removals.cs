using SchemaStream.Broker.Metadata.Images;
using SchemaStream.Broker.Runtime.Access;
using SchemaStream.Broker.Runtime.Lanes;
using SchemaStream.Broker.Storage.Files;
using SchemaStream.Protocol;

namespace SchemaStream.Broker.Runtime.Partitions;

/// <summary>Taking the partitions of deleted topics away.</summary>
internal sealed partial class ReplicaHost
{
    /// <summary>So that checkpoints gathered before a removal are not written after it.</summary>
    private readonly System.Threading.Lock _removing = new();
    private Task _removals = Task.CompletedTask;

    private async Task RemoveAsync(TopicImage topic)
    {
        var gone = new List<HostedPartition>();
        lock (_removing)
        {
            for (var index = 0; index < topic.Partitions.Length; index++)
            {
                if (_partitions.TryGet(new TopicIdPartition(topic.TopicId, index), out var partition))
                {
                    _partitions.Remove(partition);
                    gone.Add(partition);
                }
            }
        }

        try
        {
            _data.ForgetCheckpoints([.. gone.Select(partition => partition.Directory)]);
        }
        catch (LogStorageException cause)
        {
            CheckpointsNotWritten(topic.Name, cause);
        }

        foreach (var partition in gone)
        {
            await RemoveAsync(partition).ConfigureAwait(false);
        }
    }

    private async Task RemoveAsync(HostedPartition partition)
    {
        await partition.Lane.RunAsync(new LaneCall<bool>(partition, _ =>
        {
            partition.Close(ErrorCode.UnknownTopicOrPartition, PartitionEnd.Abandoned);
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

using Microsoft.Extensions.Logging;
using SchemaStream.Broker.Metadata.Commands;
using SchemaStream.Broker.Metadata.Images;
using SchemaStream.Broker.Runtime.Access;
using SchemaStream.Broker.Runtime.Lanes;
using SchemaStream.Broker.Runtime.Partitions;
using SchemaStream.Protocol;

namespace SchemaStream.Broker.Runtime.Replicas;

/// <summary>
/// Gives up the leadership of partitions whose disk fails them, where another replica is in sync. A partition that has no
/// other replica stays with its leader, which says KAFKA_STORAGE_ERROR for it.
/// </summary>
internal sealed partial class FailedLeaders(
    HostedPartitions partitions, IMetadataAccess metadata, TimeProvider timeProvider, ILogger logger) : IAsyncDisposable
{
    /// <summary>Partitions of one request at most.</summary>
    private const int BatchLength = 1000;

    /// <summary>How soon the controller is asked again where it did not take a resignation.</summary>
    private static readonly TimeSpan RetryInterval = TimeSpan.FromSeconds(5);

    private readonly KnownBrokers _brokers = new(partitions);
    private readonly AsyncSignal _failed = new();
    private readonly CancellationTokenSource _stopping = new();
    private Task _loops = Task.CompletedTask;

    public void Start() => _loops = Task.WhenAll(
        Task.Run(ResignWhenFailedAsync),
        Repetition.EveryAsync(RetryInterval, timeProvider, LookAgainAsync, ResignationFailed, _stopping.Token));

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        _failed.Set();
        await _loops.ConfigureAwait(false);
        _stopping.Dispose();
    }

    /// <summary>On the partition's lane, when its disk, or this program, has failed it.</summary>
    public void Note(HostedPartition partition, Exception cause)
    {
        if (partition.Log is { NeedsReopening: false })
        {
            NotWritten(partition.Name, cause.Message);
        }
        else
        {
            Offline(partition.Name, cause.Message);
        }

        _failed.Set();
    }

    private Task LookAgainAsync()
    {
        if (partitions.All.Any(partition => partition.HasFailed))
        {
            _failed.Set();
        }

        return Task.CompletedTask;
    }

    private async Task ResignWhenFailedAsync()
    {
        while (true)
        {
            await _failed.WaitAsync().ConfigureAwait(false);
            if (_stopping.IsCancellationRequested)
            {
                return;
            }

            try
            {
                await ResignAsync().ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception cause)
            {
                // Whatever failed on the way to the controller: like a lane, this loop goes on, and asks again.
                ResignationFailed(cause);
            }
        }
    }

    private async Task ResignAsync()
    {
        var image = partitions.Image;
        var resignations = partitions.All
            .Where(partition => partition.HasFailed)
            .Select(partition => Resignation(partition, image))
            .OfType<PartitionAlteration>()
            .ToList();
        foreach (var batch in resignations.Chunk(BatchLength))
        {
            var reply = await metadata.SubmitAsync(
                new AlterPartitionCommand(metadata.NodeId, _brokers.EpochOf(metadata.NodeId), batch), _stopping.Token)
                .ConfigureAwait(false);
            var taken = reply.Partitions.Count(answer => answer.ErrorCode == ErrorCode.NewLeaderElected);
            Resigned(taken, batch.Length);
        }
    }

    private PartitionAlteration? Resignation(HostedPartition partition, MetadataImage image)
    {
        if (!image.TryGetTopic(partition.Id.TopicId, out var topic)
            || topic.Partition(partition.Id.Partition) is not { } registration
            || registration.Leader != metadata.NodeId
            || registration.Isr.Length < 2)
        {
            return null;
        }

        return new PartitionAlteration(
            partition.Id.TopicId,
            partition.Id.Partition,
            registration.LeaderEpoch,
            registration.PartitionEpoch,
            [.. registration.Isr.Where(replica => replica != metadata.NodeId).Select(replica => new IsrMember(replica))]);
    }

    [LoggerMessage(
        EventId = 1421,
        Level = LogLevel.Error,
        Message = "{Partition} cannot be written to, is read from only, and is tried again every few seconds: {Cause} Make room on the disk, or repair it")]
    private partial void NotWritten(string partition, string cause);

    [LoggerMessage(
        EventId = 1422,
        Level = LogLevel.Error,
        Message = "{Partition} is offline on this broker until it starts again, as no one knows what its disk holds: {Cause} Look at the disk, then start the broker anew: it checks the log")]
    private partial void Offline(string partition, string cause);

    [LoggerMessage(
        EventId = 1423,
        Level = LogLevel.Warning,
        Message = "The leadership of {Taken} of {Count} partitions whose disk failed was given to other replicas")]
    private partial void Resigned(int taken, int count);

    [LoggerMessage(EventId = 1424, Level = LogLevel.Error, Message = "Leadership could not be given up, which is tried again")]
    private partial void ResignationFailed(Exception cause);
}

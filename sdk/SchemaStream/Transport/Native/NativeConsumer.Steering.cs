using System.Collections.Concurrent;
using System.Runtime.InteropServices;

namespace SchemaStream.Transport.Native;

/// <summary>Pauses and seeks: asked for by any thread, done by the poll thread, which alone knows what is assigned.</summary>
internal sealed unsafe partial class NativeConsumer
{
    /// <summary>How long librdkafka's main thread may take to go elsewhere; it does nothing else meanwhile.</summary>
    private const int SeekTimeoutMs = 5000;

    /// <summary>How long the brokers may take to say where a time begins, or what a group has committed.</summary>
    private const int QueryTimeoutMs = 30_000;

    /// <summary>How soon a seek is tried again that came before librdkafka had begun with the partition.</summary>
    private const int SeekRetryMs = 5;

    private readonly ConcurrentQueue<Command> _commands = new();

    /// <summary>Seeks that came too early; touched by the poll thread alone.</summary>
    private readonly List<Command> _seeks = [];

    /// <summary>librdkafka remembers a pause beyond the assignment: a partition that comes back would still be paused.</summary>
    private readonly HashSet<int> _nativelyPaused = [];

    public void ApplyPauses(AssignedPartition partition) => Post(new Command(partition));

    public Task SeekAsync(AssignedPartition partition, int generation, long offset)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Post(new Command(partition, generation, offset, done));
        return done.Task;
    }

    public Task<long> FindOffsetAsync(int partition, long timestampMs, CancellationToken cancellationToken) =>
        _fetcher?.FindAsync(partition, timestampMs, cancellationToken)
        ?? Task.Run(() => FindOffset(partition, timestampMs), cancellationToken).WaitAsync(cancellationToken);

    public Task<long> FindEndAsync(int partition, CancellationToken cancellationToken) =>
        _fetcher?.FindAsync(partition, PartitionOffset.End, cancellationToken)
        ?? Task.Run(() => FindEnd(partition), cancellationToken).WaitAsync(cancellationToken);

    public SafeHandle? GroupMetadata()
    {
        var place = new GroupMetadataHandle(Librdkafka.GroupMetadata(_client));
        if (!place.IsInvalid && Librdkafka.GroupMetadataGeneration(place) >= 0)
        {
            return place;
        }

        place.Dispose();
        return null;
    }

    private void Post(Command command)
    {
        _commands.Enqueue(command);
        _nudge.Set();
        _queue.Wake();
        if (_ended.Task.IsCompleted)
        {
            GiveUpCommands();
        }
    }

    private long FindOffset(int partition, long timestampMs)
    {
        using var times = new PartitionList(1);
        times.Add(_topic, partition, timestampMs);
        NativeClient.Demand(
            Librdkafka.OffsetsForTimes(_client, times.Pointer, QueryTimeoutMs), $"asking {_topic}[{partition}] for the offset of a time");
        ref var answer = ref times.Pointer->Elements[0];
        NativeClient.Demand(answer.Error, $"asking {_topic}[{partition}] for the offset of a time");
        return answer.Offset;
    }

    private long FindEnd(int partition)
    {
        long low;
        long high;
        NativeClient.Demand(
            Librdkafka.QueryWatermarkOffsets(_client, _topic, partition, &low, &high, QueryTimeoutMs),
            $"asking {_topic}[{partition}] for its end");
        return high;
    }

    private List<long> Committed(nint client, NativeTopicPartitionList* partitions)
    {
        using var offsets = new PartitionList(partitions->Count);
        for (var index = 0; index < partitions->Count; index++)
        {
            offsets.Add(_topic, partitions->Elements[index].Partition);
        }

        NativeClient.Demand(
            Librdkafka.Committed(client, offsets.Pointer, QueryTimeoutMs), $"asking for the committed offsets of topic '{_topic}'");
        var committed = new List<long>(partitions->Count);
        for (var index = 0; index < partitions->Count; index++)
        {
            committed.Add(offsets.Pointer->Elements[index].Offset);
        }

        return committed;
    }

    /// <summary>Does what was asked for since the last time.</summary>
    private void RunCommands()
    {
        while (_commands.TryDequeue(out var command))
        {
            if (command.Done is not null)
            {
                _seeks.Add(command);
            }
            else if (IsAssigned(command.Partition))
            {
                ApplyNatively(command.Partition);
            }
        }

        if (_seeks.Count > 0)
        {
            _seeks.RemoveAll(TrySeek);
        }
    }

    private bool IsAssigned(AssignedPartition partition) =>
        _assigned.TryGetValue(partition.Name.Partition, out var assigned) && ReferenceEquals(assigned, partition);

    /// <returns>Whether the seek is over, one way or another.</returns>
    private bool TrySeek(Command seek)
    {
        var partition = seek.Partition;
        if (!IsAssigned(partition) || !partition.IsCurrent(seek.Generation))
        {
            seek.Done!.TrySetResult(); // revoked, or sought again: nothing of it will be handed out anyway
            return true;
        }

        lock (_fetching)
        {
            return TrySeekNow(seek, partition);
        }
    }

    private bool TrySeekNow(Command seek, AssignedPartition partition)
    {
        if (_fetcher is not null)
        {
            _fetcher.Seek(partition, seek.Generation, seek.Offset);
            return EndSeek(seek, partition);
        }

        using var target = new PartitionList(1);
        target.Add(_topic, partition.Name.Partition, seek.Offset);
        var failure = Librdkafka.SeekPartitions(_client.DangerousGetHandle(), target.Pointer, SeekTimeoutMs);
        var error = failure == 0 ? target.Pointer->Elements[0].Error : Librdkafka.ErrorCode(failure);
        if (failure != 0)
        {
            Librdkafka.ErrorDestroy(failure);
        }

        if (error is NativeErrors.WrongState or NativeErrors.TimedOut)
        {
            return false;
        }

        if (error != NativeErrors.None)
        {
            seek.Done!.TrySetException(new BrokerException(
                NativeClient.NameOf(error), $"Seeking in {_topic}[{partition.Name.Partition}] failed: {NativeClient.TextOf(error)}"));
            return true;
        }

        return EndSeek(seek, partition);
    }

    /// <summary>From here on nothing comes that was fetched elsewhere.</summary>
    private static bool EndSeek(Command seek, AssignedPartition partition)
    {
        partition.FetchGeneration = seek.Generation;
        partition.FetchedOffset = AssignedPartition.NoOffset;
        partition.ResumedOffset = AssignedPartition.NoOffset;
        if (partition.HandledOffset == AssignedPartition.NoOffset)
        {
            partition.StoredOffset = AssignedPartition.NoOffset;
        }

        seek.Done!.TrySetResult();
        return true;
    }

    private void ApplyNatively(AssignedPartition partition)
    {
        if (_fetcher is not null)
        {
            _fetcher.Nudge();
            return;
        }

        var shouldPause = partition.Pauses != PauseReasons.None;
        if (shouldPause == partition.IsPausedNatively)
        {
            return;
        }

        partition.IsPausedNatively = shouldPause;
        if (!shouldPause)
        {
            lock (_fetching)
            {
                partition.ResumedOffset = partition.FetchedOffset;
            }
        }

        _ = shouldPause ? _nativelyPaused.Add(partition.Name.Partition) : _nativelyPaused.Remove(partition.Name.Partition);
        using var list = new PartitionList(1);
        list.Add(_topic, partition.Name.Partition);
        var client = _client.DangerousGetHandle();
        Report(
            shouldPause ? Librdkafka.PausePartitions(client, list.Pointer) : Librdkafka.ResumePartitions(client, list.Pointer),
            shouldPause ? "pausing" : "resuming");
    }

    /// <summary>The poll thread has ended: no one seeks any more.</summary>
    private void GiveUpCommands()
    {
        while (_commands.TryDequeue(out var command))
        {
            command.Done?.TrySetException(new ObjectDisposedException(typeof(ITopicConsumer<,>).Name));
        }
    }

    /// <param name="Partition">The partition whose pauses have changed, or in which to seek.</param>
    /// <param name="Generation">A seek's generation.</param>
    /// <param name="Offset">A seek's target.</param>
    /// <param name="Done">A seek's end; null for pauses.</param>
    private sealed record Command(
        AssignedPartition Partition, int Generation = 0, long Offset = 0, TaskCompletionSource? Done = null);
}

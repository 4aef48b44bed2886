using System.Runtime.CompilerServices;
using SchemaStream.Transport.Wire.Fetching;

namespace SchemaStream.Transport.Native;

/// <summary>What a fetcher of the SDK's own changes: librdkafka keeps the member's place in the group and fetches nothing.</summary>
internal sealed partial class NativeConsumer
{
    /// <summary>How long one question for committed offsets may take; another follows.</summary>
    private const int CommittedTimeoutMs = 5000;

    private readonly PartitionFetcher? _fetcher;

    private bool HasRecords => _fetcher?.HasRecords ?? Librdkafka.QueueLength(_records) > 0;

    async Task<IReadOnlyList<long>> ICommittedOffsets.FindAsync(IReadOnlyList<int> partitions, CancellationToken cancellationToken) =>
        await Task.Run(() => FindCommitted(partitions), cancellationToken).WaitAsync(cancellationToken).ConfigureAwait(false);

    private IncomingBatch? TryTakeFetched(PartitionFetcher fetcher)
    {
        var batch = _ending ? null : fetcher.TryRead();
        _isHeld |= batch is not null;
        return batch;
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<IncomingBatch?> WaitForFetcherAsync(PartitionFetcher fetcher, CancellationToken cancellationToken)
    {
        var batch = await fetcher.ReadAsync(cancellationToken).ConfigureAwait(false);
        _isHeld = batch is not null;
        return batch;
    }

    /// <summary>
    /// Before librdkafka has the partitions: it is not to fetch them, nor to ask where to begin. Pauses are remembered by
    /// partition, assigned or not; an offset to begin at is any, as it is never gone to.
    /// </summary>
    /// <returns>Where the fetcher begins.</returns>
    private unsafe List<long> TakeOverFetching(nint client, NativeTopicPartitionList* partitions)
    {
        PauseNatively(client, partitions);
        var starts = new List<long>(partitions->Count);
        for (var index = 0; index < partitions->Count; index++)
        {
            starts.Add(partitions->Elements[index].Offset);
            partitions->Elements[index].Offset = 0;
        }

        return starts;
    }

    private unsafe void PauseNatively(nint client, NativeTopicPartitionList* partitions) =>
        Report(Librdkafka.PausePartitions(client, partitions), "leaving fetching to the SDK");

    /// <summary>Errors of partitions come where records would; records do not come.</summary>
    private unsafe void DropStrays()
    {
        if (_fetcher is null)
        {
            return;
        }

        for (int count; (count = (int)Librdkafka.ConsumeBatch(_records, 0, _messages, NativeBatch.MostRecords)) > 0;)
        {
            for (var index = 0; index < count; index++)
            {
                if (_messages[index]->Error is not (NativeErrors.None or NativeErrors.PartitionEnd))
                {
                    Report(_messages[index]);
                }

                Librdkafka.MessageDestroy(_messages[index]);
            }
        }
    }

    /// <summary>On the poll thread, or where the consumer was never opened: nothing waits behind it.</summary>
    private void EndFetching() => _fetcher?.DisposeAsync().AsTask().GetAwaiter().GetResult();

    private unsafe List<long> FindCommitted(IReadOnlyList<int> partitions)
    {
        using var offsets = new PartitionList(partitions.Count);
        foreach (var partition in partitions)
        {
            offsets.Add(_topic, partition);
        }

        var doing = $"asking for the committed offsets of topic '{_topic}'";
        NativeClient.Demand(Librdkafka.CommittedOffsets(_client, offsets.Pointer, CommittedTimeoutMs), doing);
        var committed = new List<long>(partitions.Count);
        for (var index = 0; index < partitions.Count; index++)
        {
            NativeClient.Demand(offsets.Pointer->Elements[index].Error, doing);
            committed.Add(offsets.Pointer->Elements[index].Offset);
        }

        return committed;
    }
}

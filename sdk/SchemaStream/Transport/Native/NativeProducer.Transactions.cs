using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;

namespace SchemaStream.Transport.Native;

/// <summary>What becomes visible together. One caller at a time; the calls block, so they run beside the caller's thread.</summary>
internal sealed partial class NativeProducer : ITransactionTransport
{
    /// <summary>How long one native call may block before the caller's token is looked at again; the next one resumes it.</summary>
    private const int StepMs = 500;

    /// <summary>librdkafka bounds it: as long as a transaction may last.</summary>
    private const int UnboundedMs = -1;

    /// <summary>How soon a step is tried again that a coordinator could not do yet.</summary>
    private static readonly TimeSpan RetryAfter = TimeSpan.FromMilliseconds(50);

    public unsafe bool IsSpent
    {
        get
        {
            var text = stackalloc byte[1];
            return Librdkafka.FatalError(_client, text, 1) != NativeErrors.None;
        }
    }

    public bool HasFailed => _hasFailed;

    public IProducerTransport OpenTopic(string topic) => new NativeTopicProducer(this, Open(topic), isOnly: false);

    public Task InitializeAsync(CancellationToken cancellationToken) =>
        StepAsync("taking over the transactional id", () => Librdkafka.TransactionsInit(_client, StepMs), cancellationToken);

    public Task BeginAsync(CancellationToken cancellationToken) =>
        StepAsync("beginning a transaction", () => Librdkafka.TransactionBegin(_client), cancellationToken);

    /// <remarks>
    /// Several requests in one call, which cannot be resumed: cut short it would begin anew each time, and over a slow road never
    /// come to its end. Who stops waiting leaves it running, for no longer than a transaction may last; no other step is taken
    /// before it has ended.
    /// </remarks>
    public Task SendOffsetsAsync(
        string topic, IReadOnlyList<(int Partition, long Offset)> positions, SafeHandle group, CancellationToken cancellationToken)
    {
        var sending = StepAsync("adding offsets to the transaction", () => SendOffsets(topic, positions, group), cancellationToken);

        // How it ends once no one waits is told by the next step, which has to be the abort.
        _ = sending.ContinueWith(
            static ended => ended.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
        return sending.WaitAsync(cancellationToken);
    }

    public async Task HandOverAsync(CancellationToken cancellationToken)
    {
        while (!IsHandedOver())
        {
            await WaitForRoomAsync(IsHandedOver, cancellationToken).ConfigureAwait(false);
        }
    }

    public Task CommitAsync(CancellationToken cancellationToken) =>
        StepAsync("committing", () => Librdkafka.TransactionCommit(_client, StepMs), cancellationToken);

    public async Task AbortAsync(CancellationToken cancellationToken)
    {
        List<RefusedRecord>? refused = null;
        lock (_batchLock)
        {
            _batch.Drop(_batchTopic, NativeErrors.PurgedInQueue, ref refused);
            BeginTelling(refused);
        }

        Tell(refused);
        await HandOverAsync(cancellationToken).ConfigureAwait(false); // or what is told late would be the next transaction's
        await StepAsync("aborting", () => Librdkafka.TransactionAbort(_client, StepMs), cancellationToken).ConfigureAwait(false);
    }

    public Task<IReadOnlyList<long>> EndOffsetsAsync(string topic, CancellationToken cancellationToken)
    {
        var handle = Open(topic);
        return Task.Run<IReadOnlyList<long>>(() => EndOffsets(handle), cancellationToken).WaitAsync(cancellationToken);
    }

    private bool IsHandedOver()
    {
        HandOver();
        lock (_batchLock)
        {
            return _batch.Count == 0 && _telling == 0;
        }
    }

    private unsafe nint SendOffsets(string topic, IReadOnlyList<(int Partition, long Offset)> positions, SafeHandle group)
    {
        using var offsets = new PartitionList(positions.Count);
        foreach (var (partition, offset) in positions)
        {
            offsets.Add(topic, partition, offset);
        }

        return Librdkafka.TransactionSendOffsets(_client, offsets.Pointer, group, UnboundedMs);
    }

    private unsafe long[] EndOffsets(TopicHandle topic)
    {
        const int timeoutMs = 30_000;
        NativeMetadata* metadata;
        NativeClient.Demand(
            Librdkafka.Metadata(_client, allTopics: 0, topic, &metadata, timeoutMs), $"asking for the partitions of topic '{topic.Name}'");
        var error = metadata->TopicCount > 0 ? metadata->Topics[0].Error : NativeErrors.UnknownPartition;
        var count = error == NativeErrors.None ? metadata->Topics[0].PartitionCount : 0;
        Librdkafka.MetadataDestroy(metadata);
        NativeClient.Demand(error, $"asking for the partitions of topic '{topic.Name}'");
        var ends = new long[count];
        for (var partition = 0; partition < count; partition++)
        {
            long low;
            long high;
            NativeClient.Demand(
                Librdkafka.QueryWatermarks(_client, topic.Name, partition, &low, &high, timeoutMs),
                $"asking {topic.Name}[{partition}] for its end");
            ends[partition] = high;
        }

        return ends;
    }

    /// <summary>Repeats what can be repeated, until it is done, refused, or no longer wanted.</summary>
    private async Task StepAsync(string doing, Func<nint> step, CancellationToken cancellationToken)
    {
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var isDone = await Task.Factory.StartNew(
                () => Demand(step(), doing), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default).ConfigureAwait(false);
            if (isDone)
            {
                return;
            }

            await Task.Delay(RetryAfter, TimeProvider.System, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <returns>Whether the step is done; if not, the same call goes on where it was.</returns>
    private unsafe bool Demand(nint failure, string doing)
    {
        if (failure == 0)
        {
            return true;
        }

        var code = Librdkafka.ErrorCode(failure);
        var reason = Marshal.PtrToStringUTF8((nint)Librdkafka.ErrorString(failure)) ?? "";
        var (isFatal, isRetriable, requiresAbort) = (
            Librdkafka.ErrorIsFatal(failure) != 0, Librdkafka.ErrorIsRetriable(failure) != 0, Librdkafka.ErrorRequiresAbort(failure) != 0);
        Librdkafka.ErrorDestroy(failure);
        if (isRetriable && !isFatal && !requiresAbort)
        {
            return false;
        }

        Throw(code, $"Transactional id '{_name}': {doing} failed: {reason}", isFatal, requiresAbort);
        return false;
    }

    [DoesNotReturn]
    private static void Throw(int code, string message, bool isFatal, bool requiresAbort)
    {
        var name = NativeClient.NameOf(code);
        if (isFatal && code is (NativeErrors.Fenced or NativeErrors.ProducerFenced or NativeErrors.InvalidProducerEpoch))
        {
            throw new ProducerFencedException(name, message);
        }

        throw requiresAbort && !isFatal ? new TransactionAbortedException(name, message) : new BrokerException(name, message);
    }
}

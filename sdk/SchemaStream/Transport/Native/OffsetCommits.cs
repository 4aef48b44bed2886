using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace SchemaStream.Transport.Native;

/// <summary>Commits that are awaited: no thread waits, librdkafka rings when answers have come.</summary>
internal sealed unsafe class OffsetCommits : IThreadPoolWorkItem, IDisposable
{
    private readonly ClientHandle _client;
    private readonly string _topic;
    private readonly QueueHandle _answers;
    private readonly GCHandle _self;
    private readonly Lock _lock = new();
    private readonly Dictionary<TaskCompletionSource, GCHandle> _waiting = [];
    private bool _isDisposed;

    public OffsetCommits(ClientHandle client, string topic)
    {
        _client = client;
        _topic = topic;
        _answers = new QueueHandle(client, Librdkafka.QueueNew(client));
        _self = GCHandle.Alloc(this);
        Librdkafka.QueueEnableCallback(_answers, &OnAnswers, GCHandle.ToIntPtr(_self));
    }

    public Task CommitAsync(IReadOnlyList<(int Partition, long Offset)> positions, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _isDisposed), typeof(ITopicConsumer<,>));
        if (positions.Count == 0)
        {
            return Task.CompletedTask;
        }

        var answer = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var opaque = GCHandle.Alloc(answer);
        using var offsets = new PartitionList(positions.Count);
        foreach (var (partition, offset) in positions)
        {
            offsets.Add(_topic, partition, offset);
        }

        int error;
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, typeof(ITopicConsumer<,>));
            error = Librdkafka.CommitQueue(_client, offsets.Pointer, _answers, 0, GCHandle.ToIntPtr(opaque));
            if (error == NativeErrors.None)
            {
                _waiting.Add(answer, opaque);
            }
        }

        if (error != NativeErrors.None)
        {
            opaque.Free();
            NativeClient.Demand(error, $"committing offsets of topic '{_topic}'");
        }

        return answer.Task.WaitAsync(cancellationToken);
    }

    /// <summary>Called when the consumer has closed: an answer that has not come by then never will.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            HearAll();
            _isDisposed = true;
            Librdkafka.QueueEnableCallback(_answers, null, 0);
            _answers.Dispose();
            foreach (var (source, handle) in _waiting)
            {
                handle.Free();
                source.SetException(new ObjectDisposedException(typeof(ITopicConsumer<,>).Name));
            }

            _waiting.Clear();
        }

        _self.Free();
    }

    void IThreadPoolWorkItem.Execute()
    {
        lock (_lock)
        {
            if (!_isDisposed)
            {
                HearAll();
            }
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void OnAnswers(nint client, nint opaque)
    {
        // On librdkafka's thread, which must not be held up and must not be called back.
        if (GCHandle.FromIntPtr(opaque).Target is OffsetCommits commits)
        {
            ThreadPool.UnsafeQueueUserWorkItem(commits, preferLocal: false);
        }
    }

    private void HearAll()
    {
        for (nint answer; (answer = Librdkafka.QueuePoll(_answers, 0)) != 0;)
        {
            var opaque = Librdkafka.EventOpaque(answer);
            var error = Librdkafka.EventError(answer);
            Librdkafka.EventDestroy(answer);
            if (opaque != 0)
            {
                var handle = GCHandle.FromIntPtr(opaque);
                var source = (TaskCompletionSource)handle.Target!;
                handle.Free();
                _waiting.Remove(source);
                Complete(source, error);
            }
        }
    }

    private void Complete(TaskCompletionSource source, int error)
    {
        if (error is NativeErrors.None or NativeErrors.NoOffset)
        {
            source.SetResult();
        }
        else
        {
            source.SetException(new BrokerException(
                NativeClient.NameOf(error), $"Committing offsets of topic '{_topic}' failed: {NativeClient.TextOf(error)}"));
        }
    }
}

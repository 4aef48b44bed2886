using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using SchemaStream.Transport.Wire.Fetching;

namespace SchemaStream.Transport.Native;

/// <summary>One member of a group. A thread of its own polls librdkafka, so that the member keeps its place in the group.</summary>
/// <remarks>
/// Records do not pass through that thread: all partitions forward to a queue of our own, from which the reader takes them
/// where librdkafka has put them, on its own thread. A reader that is slow leaves them there, and librdkafka fetches no
/// further. With a fetcher of the SDK's own librdkafka is a member of the group and no more: its fetching is paused, and
/// records are the fetcher's, which takes what librdkafka costs per record off their way. The files: this one is the
/// reader's side, <c>.Polling</c> the thread's, <c>.Rebalancing</c> the group's, <c>.Steering</c> pauses and seeks,
/// <c>.WholeTopic</c> reads without a group, <c>.Starving</c> is a member without partitions, <c>.Fetching</c> is what a fetcher of its own changes.
/// </remarks>
internal sealed partial class NativeConsumer : IConsumerTransport, NativeClient.IListener, ICommittedOffsets
{
    private readonly string _topic;
    private readonly ConsumerOptions _options;
    private readonly ReadMode _mode;
    private readonly ClientHandle _client;
    private readonly QueueHandle _queue;
    private readonly OffsetCommits _commits;

    /// <summary>Where all partitions' records are.</summary>
    private readonly QueueHandle _records;

    /// <summary>Says that records have come to an empty queue; a word that is not yet heard says enough.</summary>
    private readonly Channel<bool> _arrivals = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

    /// <summary>
    /// Held while records are taken, and while something changes that says what they are: the partitions, their generations.
    /// </summary>
    private readonly Lock _fetching = new();

    private readonly GCHandle _self;
    private readonly AutoResetEvent _nudge = new(initialState: false);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private IAssignmentListener? _listener;
    private volatile bool _ending;

    /// <summary>Whether the reader has a batch that it has not come back from.</summary>
    private volatile bool _isHeld;

    /// <summary>How often the reader has come back for more.</summary>
    private long _returns;

    public unsafe NativeConsumer(
        string topic,
        IReadOnlyDictionary<string, string> settings,
        ConsumerOptions options,
        ReadMode mode,
        ILogger logger,
        Func<ICommittedOffsets, PartitionFetcher>? makeFetcher = null)
    {
        _mode = mode;
        _lookInterval = LookIntervalOf(settings);
        _topic = topic;
        _groupId = settings.GetValueOrDefault("group.id", "");
        _options = options;
        Logger = logger;
        _client = NativeClient.NewConsumer(settings, this);
        try
        {
            NativeClient.Demand(Librdkafka.PollSetConsumer(_client), $"preparing to read topic '{topic}'");
            _queue = new QueueHandle(_client, Librdkafka.QueueGetConsumer(_client));
            _records = new QueueHandle(_client, Librdkafka.QueueNew(_client));
            _commits = new OffsetCommits(_client, topic);
            if (mode == ReadMode.Group)
            {
                Subscribe();
            }
        }
        catch (BrokerException)
        {
            _commits?.Dispose();
            _records?.Dispose();
            _queue?.Dispose();
            _client.Dispose(); // its listener is this object, so that no finalizer would ever come
            NativeMemory.Free(_messages);
            throw;
        }

        _self = GCHandle.Alloc(this);
        _fetcher = makeFetcher?.Invoke(this);
        if (_fetcher is null)
        {
            Librdkafka.QueueEnableCallback(_records, &OnArrival, GCHandle.ToIntPtr(_self));
        }
    }

    public ILogger Logger { get; }

    public void Open(IAssignmentListener listener)
    {
        _listener = listener;
        new Thread(Poll) { IsBackground = true, Name = $"schemastream consumer {_topic}" }.Start();
    }

    public ValueTask<IncomingBatch?> ReadAsync(CancellationToken cancellationToken)
    {
        _isHeld = false;
        Interlocked.Increment(ref _returns);
        return TryFetch() is { } batch ? new ValueTask<IncomingBatch?>(batch)
            : _fetcher is null ? WaitAndFetchAsync(cancellationToken) : WaitForFetcherAsync(_fetcher, cancellationToken);
    }

    public IncomingBatch? TryRead()
    {
        if (TryFetch() is not { } batch)
        {
            return null;
        }

        Interlocked.Increment(ref _returns);
        return batch;
    }

    public Task CommitAsync(IReadOnlyList<(int Partition, long Offset)> positions, CancellationToken cancellationToken) =>
        _commits.CommitAsync(positions, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        _ending = true;
        _nudge.Set();
        _queue.Wake();
        if (_listener is null)
        {
            Release(); // it was never opened, so there is no thread that would
        }

        await _ended.Task.ConfigureAwait(false);
    }

    public unsafe void OnError(int error, string reason)
    {
        if (error != NativeErrors.Fatal)
        {
            Logger.ClientError(_topic, NativeClient.NameOf(error), reason);
            return;
        }

        var text = stackalloc byte[512];
        var cause = Librdkafka.FatalError(_client, text, 512);
        Fail(cause, Marshal.PtrToStringUTF8((nint)text) ?? reason);
    }

    /// <summary>On librdkafka's thread, which must not be held up.</summary>
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void OnArrival(nint client, nint opaque)
    {
        if (GCHandle.FromIntPtr(opaque).Target is NativeConsumer consumer)
        {
            consumer._arrivals.Writer.TryWrite(true);
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<IncomingBatch?> WaitAndFetchAsync(CancellationToken cancellationToken)
    {
        while (await _arrivals.Reader.WaitToReadAsync(cancellationToken).ConfigureAwait(false))
        {
            // First the word is taken, then the records: what comes in between is told again.
            _arrivals.Reader.TryRead(out _);
            if (TryFetch() is { } batch)
            {
                return batch;
            }
        }

        return null;
    }

    /// <summary>Whoever waits for records or partitions waits no longer; the first reason stays.</summary>
    private void End(Exception? failure)
    {
        _arrivals.Writer.TryComplete(failure);
        _fetcher?.End(failure);
        if (_whenAssigned.TrySetException(failure ?? new ObjectDisposedException(typeof(ITopicConsumer<,>).Name)))
        {
            _ = _whenAssigned.Task.Exception; // seen: often no one waits
        }
    }

    /// <summary>Ends reading with an error: the reader gets what is buffered, then the exception.</summary>
    private void Fail(int error, string reason)
    {
        var name = NativeClient.NameOf(error);
        Logger.ClientFailed(_topic, name, reason);
        End(new BrokerException(name, $"Reading topic '{_topic}' has failed: {reason}"));
    }
}

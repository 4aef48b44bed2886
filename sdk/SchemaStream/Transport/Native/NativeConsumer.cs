using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace SchemaStream.Transport.Native;

/// <summary>One member of a group. A thread of its own polls librdkafka, so that the member keeps its place in the group.</summary>
/// <remarks>
/// What touches librdkafka's group state runs on the poll thread; the reader's side takes batches, marks what is handled
/// and commits. The files: this one is the reader's side, <c>.Polling</c> the thread's, <c>.Rebalancing</c> the group's,
/// <c>.Steering</c> pauses and seeks, <c>.WholeTopic</c> reads without a group.
/// </remarks>
internal sealed partial class NativeConsumer : IConsumerTransport, NativeClient.IListener
{
    /// <summary>
    /// How many batches wait for the reader at most. The poll thread goes on when half of them are read, so that the two
    /// threads wake each other once per many records.
    /// </summary>
    private const int BatchesAhead = 16;

    private readonly string _topic;
    private readonly ConsumerOptions _options;
    private readonly ReadMode _mode;
    private readonly ClientHandle _client;
    private readonly QueueHandle _queue;
    private readonly OffsetCommits _commits;
    private readonly Channel<IncomingBatch> _ready = Channel.CreateBounded<IncomingBatch>(
        new BoundedChannelOptions(BatchesAhead) { SingleWriter = true, SingleReader = true });

    private readonly AutoResetEvent _room = new(initialState: false);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private IAssignmentListener? _listener;
    private volatile bool _ending;

    /// <summary>Whether the reader has a batch that it has not come back from.</summary>
    private volatile bool _isHeld;

    /// <summary>How often the reader has come back for more.</summary>
    private long _returns;

    public unsafe NativeConsumer(
        string topic, IReadOnlyDictionary<string, string> settings, ConsumerOptions options, ReadMode mode, ILogger logger)
    {
        _mode = mode;
        _lookInterval = LookIntervalOf(settings);
        _topic = topic;
        _options = options;
        Logger = logger;
        _client = NativeClient.NewConsumer(settings, this);
        try
        {
            NativeClient.Demand(Librdkafka.PollSetConsumer(_client), $"preparing to read topic '{topic}'");
            _queue = new QueueHandle(_client, Librdkafka.QueueGetConsumer(_client));
            _commits = new OffsetCommits(_client, topic);
            if (mode == ReadMode.Group)
            {
                using var topics = new PartitionList(1);
                topics.Add(topic, Librdkafka.UnassignedPartition);
                NativeClient.Demand(Librdkafka.Subscribe(_client, topics.Pointer), $"subscribing to topic '{topic}'");
            }
        }
        catch (BrokerException)
        {
            _commits?.Dispose();
            _queue?.Dispose();
            _client.Dispose(); // its listener is this object, so that no finalizer would ever come
            NativeMemory.Free(_messages);
            throw;
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
        return TryTake(out var batch) ? new ValueTask<IncomingBatch?>(batch) : WaitAndTakeAsync(cancellationToken);
    }

    public IncomingBatch? TryRead()
    {
        if (!TryTake(out var batch))
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
        _room.Set();
        _queue.Wake();
        if (_listener is null)
        {
            Release(); // it was never opened, so there is no thread that would
        }

        await _ended.Task.ConfigureAwait(false);
        while (_ready.Reader.TryRead(out var batch))
        {
            batch.Dispose();
        }
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

    private bool TryTake([NotNullWhen(true)] out IncomingBatch? batch)
    {
        if (!_ready.Reader.TryRead(out batch))
        {
            return false;
        }

        _isHeld = true;
        if (_ready.Reader.Count == BatchesAhead / 2)
        {
            _room.Set();
        }

        return true;
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<IncomingBatch?> WaitAndTakeAsync(CancellationToken cancellationToken)
    {
        while (await _ready.Reader.WaitToReadAsync(cancellationToken).ConfigureAwait(false))
        {
            if (TryTake(out var batch))
            {
                return batch;
            }
        }

        return null;
    }

    /// <summary>Whoever waits for records or partitions waits no longer; the first reason stays.</summary>
    private void End(Exception? failure)
    {
        _ready.Writer.TryComplete(failure);
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

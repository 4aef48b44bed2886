using Microsoft.Extensions.Logging;
using SchemaStream.Transport.Wire.Connections;

namespace SchemaStream.Transport.Wire.Producing;

/// <summary>Sends the records of one topic over connections of its own, one per broker.</summary>
/// <remarks>
/// What is decided is <see cref="ProduceState"/>'s; this is its lock, its loops and its sockets. The files: this one is the
/// callers' side, <c>.Loops</c> looks what is due, <c>.Sending</c> is the network's, <c>.Chores</c> asks for all that is not
/// records, <c>.Telling</c> says what became of records.
/// </remarks>
internal sealed partial class WireProducer : IProducerTransport
{
    private readonly string _topic;
    private readonly ProduceSettings _settings;
    private readonly IWireCluster _cluster;
    private readonly string _bootstrapServers;
    private readonly IDeliveryFailures _failures;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly ProduceState _state;
    private readonly long _ticksPerMs;

    /// <summary>Held while the state is looked at or changed; never while anything waits or the application's code runs.</summary>
    private readonly Lock _lock = new();

    private readonly CancellationTokenSource _stopping = new();
    private readonly CancellationToken _stopped;
    private readonly Task _loop;
    private TaskCompletionSource? _roomWaiter;
    private TaskCompletionSource? _drainWaiter;
    private long _pending;
    private long _wallOffsetMs;
    private bool _isClosing;
    private volatile string? _lastError;

    /// <summary>Makes the road out for one topic.</summary>
    /// <param name="topic">The topic.</param>
    /// <param name="settings">How to send.</param>
    /// <param name="cluster">The brokers; the producer owns it.</param>
    /// <param name="bootstrapServers">Where they were looked for, for people.</param>
    /// <param name="failures">Told of records that no one waits for and that failed.</param>
    /// <param name="time">The clock of waits and of records.</param>
    /// <param name="logger">Where troubles are logged.</param>
    public WireProducer(
        string topic,
        ProduceSettings settings,
        IWireCluster cluster,
        string bootstrapServers,
        IDeliveryFailures failures,
        TimeProvider time,
        ILogger logger)
    {
        (_topic, _settings, _cluster, _bootstrapServers) = (topic, settings, cluster, bootstrapServers);
        (_failures, _time, _logger) = (failures, time, logger);
        _ticksPerMs = time.TimestampFrequency / 1000;
        _stopped = _stopping.Token;
        _state = new ProduceState(topic, settings, Random.Shared.Next);
        SetClock();
        _clock = time.CreateTimer(
            static state => ((WireProducer)state!)._wakeup.Set(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _loop = Task.Run(RunAsync);
    }

    public long PendingCount => Interlocked.Read(ref _pending);

    public bool TrySend(EncodedRecord record, Delivery? delivery)
    {
        var size = ProducerBatch.SizeOf(record);
        DemandFits(record, size);
        var nowMs = NowMs;

        // A clock look-up less: the two clocks go alike but for what the loop corrects now and then.
        var timestampMs = record.TimestampMs >= 0 ? record.TimestampMs : nowMs + Volatile.Read(ref _wallOffsetMs);
        bool isToLook;
        Sender? sender = null;
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_isClosing, typeof(ITopicProducer<,>));
            if (record.Partition >= 0 && !_state.IsPartition(record.Partition))
            {
                throw Refusal(record, DeliveryReasons.UnknownPartition, reason: null);
            }

            if (!_state.HasRoom(size))
            {
                return false;
            }

            var isNew = _state.Add(record, size, delivery, timestampMs, nowMs, out var leader);
            isToLook = isNew && (!_state.IsLaidOut || nowMs + _settings.LingerMs < _nextLookMs);
            _pending++;
            if (leader >= 0)
            {
                _senders.TryGetValue(leader, out sender);
            }
        }

        // With as many unanswered as may be, the next answer does it.
        if (sender?.Unanswered < _settings.MaxInFlight)
        {
            sender.Wakeup.Set();
        }

        if (isToLook)
        {
            _wakeup.Set();
        }

        return true;
    }

    public async ValueTask<bool> WaitForRoomAsync(Func<bool> retry, CancellationToken cancellationToken)
    {
        TaskCompletionSource waiter;
        lock (_lock)
        {
            waiter = _roomWaiter ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        // Still full now means that answers are yet to come, and the one that makes room enough ends the wait.
        if (retry())
        {
            return true;
        }

        bool isNews;
        lock (_lock)
        {
            isNews = _roomWaiter == waiter && !_state.IsPressed;
            _state.IsPressed |= isNews;
        }

        if (isNews)
        {
            _wakeup.Set();
        }

        await waiter.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        return false;
    }

    public ValueTask DrainAsync(CancellationToken cancellationToken)
    {
        TaskCompletionSource waiter;
        lock (_lock)
        {
            if (_pending == 0)
            {
                return ValueTask.CompletedTask;
            }

            _state.IsFlushing = true;
            waiter = _drainWaiter ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        _wakeup.Set();
        return new ValueTask(waiter.Task.WaitAsync(cancellationToken));
    }

    public async ValueTask DisposeAsync()
    {
        bool isFirst;
        lock (_lock)
        {
            isFirst = !_isClosing;
            _isClosing = true;
        }

        // What is pending ends by itself: delivered, refused, or given up after the delivery time-out.
        await DrainAsync(CancellationToken.None).ConfigureAwait(false);
        if (!isFirst)
        {
            return;
        }

        await _stopping.CancelAsync().ConfigureAwait(false);
        await _loop.ConfigureAwait(false);
        await Task.WhenAll(TakeWork()).ConfigureAwait(false);
        await _cluster.DisposeAsync().ConfigureAwait(false);
        await _clock.DisposeAsync().ConfigureAwait(false);
        _stopping.Dispose();
        lock (_lock)
        {
            _state.Clear();
        }
    }

    private long NowMs => _time.GetTimestamp() / _ticksPerMs;

    private void SetClock() => Volatile.Write(ref _wallOffsetMs, _time.GetUtcNow().ToUnixTimeMilliseconds() - NowMs);

    private void DemandFits(EncodedRecord record, int size)
    {
        if (size - ProducerBatch.MostOverhead > _settings.MaxRecordBytes)
        {
            throw Refusal(
                record,
                DeliveryReasons.TooLarge,
                $"it has {size - ProducerBatch.MostOverhead} bytes, and {_settings.MaxRecordBytes} are the most that is sent (setting message.max.bytes)");
        }

        if (size > _settings.MaxBytes && record.Value.Length > _settings.MaxBytes)
        {
            throw Refusal(record, DeliveryReasons.TooLarge, DeliveryReasons.NeverFits(record.Value.Length, _settings.MaxBytes));
        }
    }

    private DeliveryException Refusal(EncodedRecord record, string code, string? reason) =>
        new(new DeliveryFailure(_topic, record.Partition, code, reason ?? Explain(code, null), IsOutcomeUnknown: false));

    private string Explain(string code, string? reason) =>
        DeliveryReasons.Explain(code, _bootstrapServers, _lastError) ?? reason ?? code;
}

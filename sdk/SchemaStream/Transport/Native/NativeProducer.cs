using System.Globalization;
using Microsoft.Extensions.Logging;

namespace SchemaStream.Transport.Native;

/// <summary>Sends records through librdkafka, many in one call, and hears of their fate on a thread of its own.</summary>
/// <remarks>
/// The files: this one lets senders wait, <c>.Sending</c> gathers records and hands them over, <c>.Reports</c> hears of
/// their fate, <c>.Transactions</c> is about what becomes visible together.
/// </remarks>
internal sealed partial class NativeProducer : IAsyncDisposable, IHandOver, NativeClient.IListener
{
    private readonly string _name;
    private readonly string _bootstrapServers;
    private readonly IDeliveryFailures _failures;
    private readonly ClientHandle _client;
    private readonly QueueHandle _reports;
    private readonly List<TopicHandle> _topics = [];

    /// <summary>The largest value for which the empty queue has room.</summary>
    private readonly long _queueBytes;

    private readonly long _capacity;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _waitersLock = new();
    private TaskCompletionSource? _roomWaiter;
    private TaskCompletionSource? _drainWaiter;
    private long _pending;
    private volatile string? _lastError;
    private bool _ending;

    /// <param name="name">What the log calls it: the topic, or the transactional id.</param>
    /// <param name="settings">librdkafka's settings.</param>
    /// <param name="failures">Told of records that no one waits for and that failed.</param>
    /// <param name="logger">Where the client's troubles are logged.</param>
    public NativeProducer(
        string name, IReadOnlyDictionary<string, string> settings, IDeliveryFailures failures, ILogger logger)
    {
        _name = name;
        _bootstrapServers = settings["bootstrap.servers"];
        _failures = failures;
        Logger = logger;
        _client = NativeClient.NewProducer(settings, this);
        _queueBytes = long.Parse(settings["queue.buffering.max.kbytes"], CultureInfo.InvariantCulture) * 1024;
        _capacity = long.Parse(settings["queue.buffering.max.messages"], CultureInfo.InvariantCulture);
        _capacity = _capacity > 0 ? _capacity : long.MaxValue;
        _reports = new QueueHandle(_client, Librdkafka.QueueGetMain(_client));
        new Thread(HearReports) { IsBackground = true, Name = $"schemastream producer {name}" }.Start();
    }

    public ILogger Logger { get; }

    /// <summary>How many records are accepted but not yet acknowledged or failed.</summary>
    public long PendingCount => Interlocked.Read(ref _pending);

    /// <summary>Prepares to write to a topic.</summary>
    /// <param name="topic">The topic; no name twice.</param>
    /// <exception cref="BrokerException">librdkafka refuses the topic.</exception>
    public TopicHandle Open(string topic)
    {
        lock (_batchLock)
        {
            ObjectDisposedException.ThrowIf(_closing, typeof(ITopicProducer<,>));
            var handle = Librdkafka.TopicNew(_client, topic, 0);
            if (handle == 0)
            {
                NativeClient.Demand(Librdkafka.LastError(), $"preparing to write to topic '{topic}'");
            }

            var opened = new TopicHandle(_client, topic, handle);
            _topics.Add(opened);
            return opened;
        }
    }

    /// <summary>As <see cref="IProducerTransport.WaitForRoomAsync"/>.</summary>
    public async ValueTask<bool> WaitForRoomAsync(Func<bool> retry, CancellationToken cancellationToken)
    {
        var waiter = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_waitersLock)
        {
            if (_roomWaiter is null)
            {
                _roomWaiter = waiter;
            }
            else
            {
                waiter = _roomWaiter; // several topics of one transaction wait for the same room
            }
        }

        // Still full now means that reports are yet to come, and the next one ends the wait.
        if (retry())
        {
            return true;
        }

        await waiter.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        return false;
    }

    /// <summary>As <see cref="IProducerTransport.DrainAsync"/>.</summary>
    public ValueTask DrainAsync(CancellationToken cancellationToken)
    {
        HandOver();
        if (PendingCount == 0)
        {
            return ValueTask.CompletedTask;
        }

        TaskCompletionSource waiter;
        lock (_waitersLock)
        {
            waiter = _drainWaiter ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        if (PendingCount == 0)
        {
            Wake(ref _drainWaiter);
        }

        return new ValueTask(waiter.Task.WaitAsync(cancellationToken));
    }

    public async ValueTask DisposeAsync()
    {
        lock (_batchLock)
        {
            _closing = true;
        }

        // What is pending ends by itself: delivered, refused, or given up after the delivery timeout.
        await DrainAsync(CancellationToken.None).ConfigureAwait(false);
        if (!Interlocked.Exchange(ref _ending, true))
        {
            _reports.Wake();
        }

        await _ended.Task.ConfigureAwait(false);
    }

    private void Release()
    {
        foreach (var topic in _topics)
        {
            topic.Dispose();
        }

        _batch.Dispose();
        _reports.Dispose();
        _client.Dispose();
        _ended.SetResult();
    }
}

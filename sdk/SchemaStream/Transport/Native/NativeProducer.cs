using System.Globalization;
using Microsoft.Extensions.Logging;

namespace SchemaStream.Transport.Native;

/// <summary>Sends the records of one topic through librdkafka, and hears of their fate on a thread of its own.</summary>
/// <remarks>The files: this one lets senders wait, <c>.Sending</c> hands records over, <c>.Reports</c> hears of their fate.</remarks>
internal sealed partial class NativeProducer : IProducerTransport, NativeClient.IListener
{
    private readonly string _topicName;
    private readonly string _bootstrapServers;
    private readonly IDeliveryFailures _failures;
    private readonly ClientHandle _client;
    private readonly TopicHandle _topic;
    private readonly QueueHandle _reports;

    /// <summary>The largest value for which the empty queue has room.</summary>
    private readonly long _queueBytes;

    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _waitersLock = new();
    private TaskCompletionSource? _roomWaiter;
    private TaskCompletionSource? _drainWaiter;
    private long _pending;
    private volatile bool _closing;
    private volatile string? _lastError;
    private bool _ending;

    public NativeProducer(
        string topic, IReadOnlyDictionary<string, string> settings, IDeliveryFailures failures, ILogger logger)
    {
        _topicName = topic;
        _bootstrapServers = settings["bootstrap.servers"];
        _failures = failures;
        Logger = logger;
        _client = NativeClient.NewProducer(settings, this);
        _queueBytes = long.Parse(settings["queue.buffering.max.kbytes"], CultureInfo.InvariantCulture) * 1024;
        var handle = Librdkafka.TopicNew(_client, topic, 0);
        if (handle == 0)
        {
            var error = Librdkafka.LastError();
            _client.Dispose();
            NativeClient.Demand(error, $"preparing to write to topic '{topic}'");
        }

        _topic = new TopicHandle(_client, handle);
        _reports = new QueueHandle(_client, Librdkafka.QueueGetMain(_client));
        new Thread(HearReports) { IsBackground = true, Name = $"schemastream producer {topic}" }.Start();
    }

    public ILogger Logger { get; }

    public long PendingCount => Interlocked.Read(ref _pending);

    public async ValueTask<bool> WaitForRoomAsync(Func<bool> retry, CancellationToken cancellationToken)
    {
        var waiter = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_waitersLock)
        {
            _roomWaiter = waiter; // the producer lets one call wait at a time
        }

        // Still full now means that reports are yet to come, and the next one ends the wait.
        if (retry())
        {
            return true;
        }

        await waiter.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        return false;
    }

    public ValueTask DrainAsync(CancellationToken cancellationToken)
    {
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
        // What is pending ends by itself: delivered, refused, or given up after the delivery timeout.
        _closing = true;
        await DrainAsync(CancellationToken.None).ConfigureAwait(false);
        if (!Interlocked.Exchange(ref _ending, true))
        {
            _reports.Wake();
        }

        await _ended.Task.ConfigureAwait(false);
    }
}

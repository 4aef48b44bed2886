using Microsoft.Extensions.Logging;
using SchemaStream.Serialization;
using SchemaStream.Transport;

namespace SchemaStream.Producing;

/// <summary>Typed records into the transport: serialize into a reused buffer, hand over, wait only where asked to.</summary>
internal sealed class TopicProducer<TKey, TValue> : ITopicProducer<TKey, TValue>
{
    private readonly SlotWriter<TKey> _keys;
    private readonly SlotWriter<TValue> _values;
    private readonly IProducerTransport _transport;
    private readonly UndeliveredRecords _undelivered;
    private readonly ILogger _logger;

    /// <summary>Lets senders that found the queue full wait in line, so that none overtakes another.</summary>
    private readonly SemaphoreSlim _line = new(1, 1);

    private int _inLine;

    public TopicProducer(
        Topic<TKey, TValue> topic,
        SlotWriter<TKey> keys,
        SlotWriter<TValue> values,
        IProducerTransport transport,
        UndeliveredRecords undelivered,
        ILogger logger)
    {
        Topic = topic;
        _keys = keys;
        _values = values;
        _transport = transport;
        _undelivered = undelivered;
        _logger = logger;
    }

    public Topic<TKey, TValue> Topic { get; }

    public long PendingCount => _transport.PendingCount;

    public ValueTask<RecordPosition> SendAsync(
        TKey key, TValue value, RecordOptions options = default, CancellationToken cancellationToken = default) =>
        Encode(key, value, Slots.KeyAndValue, in options, out var record) is { } misfit
            ? ValueTask.FromException<RecordPosition>(misfit)
            : SendAsync(record, cancellationToken);

    public ValueTask<RecordPosition> SendTombstoneAsync(
        TKey key, RecordOptions options = default, CancellationToken cancellationToken = default) =>
        Encode(key, default!, Slots.Key, in options, out var record) is { } misfit
            ? ValueTask.FromException<RecordPosition>(misfit)
            : SendAsync(record, cancellationToken);

    public ValueTask EnqueueAsync(
        TKey key, TValue value, RecordOptions options = default, CancellationToken cancellationToken = default) =>
        Encode(key, value, Slots.KeyAndValue, in options, out var record) is { } misfit
            ? ValueTask.FromException(misfit)
            : EnqueueAsync(record, cancellationToken);

    public ValueTask EnqueueTombstoneAsync(
        TKey key, RecordOptions options = default, CancellationToken cancellationToken = default) =>
        Encode(key, default!, Slots.Key, in options, out var record) is { } misfit
            ? ValueTask.FromException(misfit)
            : EnqueueAsync(record, cancellationToken);

    public Task<IReadOnlyList<RecordPosition>> SendManyAsync(
        IEnumerable<OutgoingRecord<TKey, TValue>> records, CancellationToken cancellationToken = default) =>
        BatchedSends.SendAsync(this, records, cancellationToken);

    public async ValueTask FlushAsync(CancellationToken cancellationToken = default)
    {
        await _transport.DrainAsync(cancellationToken).ConfigureAwait(false);
        if (_undelivered.Take() is { } failure)
        {
            throw failure;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _transport.DisposeAsync().ConfigureAwait(false);
        if (_undelivered.Take() is { } failure)
        {
            _logger.ClosedWithFailures(Topic.Name, failure.Count);
        }
    }

    private ValueTask EnqueueAsync(EncodedRecord record, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            record.Return();
            return ValueTask.FromCanceled(cancellationToken);
        }

        bool isSent;
        try
        {
            isSent = Volatile.Read(ref _inLine) == 0 && _transport.TrySend(record, delivery: null);
        }
        catch (Exception refusal) when (refusal is DeliveryException or ObjectDisposedException)
        {
            record.Return();
            return ValueTask.FromException(refusal);
        }

        if (!isSent)
        {
            return new ValueTask(WaitInLineAsync(record, delivery: null, cancellationToken));
        }

        record.Return();
        return ValueTask.CompletedTask;
    }

    private ValueTask<RecordPosition> SendAsync(EncodedRecord record, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            record.Return();
            return ValueTask.FromCanceled<RecordPosition>(cancellationToken);
        }

        var delivery = Delivery.Rent(Topic.Name);
        bool isSent;
        try
        {
            isSent = Volatile.Read(ref _inLine) == 0 && _transport.TrySend(record, delivery);
        }
        catch (Exception refusal) when (refusal is DeliveryException or ObjectDisposedException)
        {
            record.Return();
            delivery.Withdraw();
            return ValueTask.FromException<RecordPosition>(refusal);
        }

        if (!isSent)
        {
            return SendInLineAsync(record, delivery, cancellationToken);
        }

        record.Return();
        delivery.Observe(cancellationToken);
        return delivery.Task;
    }

    private async ValueTask<RecordPosition> SendInLineAsync(
        EncodedRecord record, Delivery delivery, CancellationToken cancellationToken)
    {
        try
        {
            await WaitInLineAsync(record, delivery, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            delivery.Withdraw();
            throw;
        }

        delivery.Observe(cancellationToken);
        return await delivery.Task.ConfigureAwait(false);
    }

    private async Task WaitInLineAsync(EncodedRecord record, Delivery? delivery, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _inLine);
        try
        {
            await _line.WaitAsync(cancellationToken).ConfigureAwait(false);
            try
            {
                bool Retry() => _transport.TrySend(record, delivery);
                while (!Retry() && !await _transport.WaitForRoomAsync(Retry, cancellationToken).ConfigureAwait(false))
                {
                    // Reports have come in: there is room, unless others took it first.
                }
            }
            finally
            {
                _line.Release();
            }
        }
        finally
        {
            Interlocked.Decrement(ref _inLine);
            record.Return();
        }
    }

    private SchemaSerializationException? Encode(
        TKey key, TValue value, Slots slots, in RecordOptions options, out EncodedRecord record)
    {
        record = EncodedRecord.Rent(in options);
        try
        {
            if (_keys.Write(key, record))
            {
                record.EndKey();
            }

            if (slots == Slots.KeyAndValue && _values.Write(value, record))
            {
                record.EndValue();
            }

            return null;
        }
        catch (SchemaSerializationException misfit)
        {
            record.Return();
            return misfit;
        }
    }

    private enum Slots
    {
        Key,
        KeyAndValue,
    }
}

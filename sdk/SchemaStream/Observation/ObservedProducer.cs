using SchemaStream.Producing;

namespace SchemaStream.Observation;

/// <summary>A producer with its spans and metrics; when no one looks, it passes calls on.</summary>
/// <param name="producer">The producer.</param>
/// <param name="timeProvider">Times what is waited for.</param>
internal sealed class ObservedProducer<TKey, TValue>(ITopicProducer<TKey, TValue> producer, TimeProvider timeProvider)
    : ITopicProducer<TKey, TValue>
{
    public Topic<TKey, TValue> Topic => producer.Topic;

    public long PendingCount => producer.PendingCount;

    public ValueTask<RecordPosition> SendAsync(
        TKey key, TValue value, RecordOptions options = default, CancellationToken cancellationToken = default)
    {
        ClientMetrics.CountSent(Topic.Name);
        return Tracing.IsWanted || ClientMetrics.TimesSends
            ? WatchAsync(key, value, isTombstone: false, options, cancellationToken)
            : producer.SendAsync(key, value, options, cancellationToken);
    }

    public ValueTask<RecordPosition> SendTombstoneAsync(
        TKey key, RecordOptions options = default, CancellationToken cancellationToken = default)
    {
        ClientMetrics.CountSent(Topic.Name);
        return Tracing.IsWanted || ClientMetrics.TimesSends
            ? WatchAsync(key, default!, isTombstone: true, options, cancellationToken)
            : producer.SendTombstoneAsync(key, options, cancellationToken);
    }

    public ValueTask EnqueueAsync(
        TKey key, TValue value, RecordOptions options = default, CancellationToken cancellationToken = default)
    {
        ClientMetrics.CountSent(Topic.Name);
        return Tracing.IsWanted
            ? WatchHandOverAsync(key, value, isTombstone: false, options, cancellationToken)
            : producer.EnqueueAsync(key, value, options, cancellationToken);
    }

    public ValueTask EnqueueTombstoneAsync(
        TKey key, RecordOptions options = default, CancellationToken cancellationToken = default)
    {
        ClientMetrics.CountSent(Topic.Name);
        return Tracing.IsWanted
            ? WatchHandOverAsync(key, default!, isTombstone: true, options, cancellationToken)
            : producer.EnqueueTombstoneAsync(key, options, cancellationToken);
    }

    public Task<IReadOnlyList<RecordPosition>> SendManyAsync(
        IEnumerable<OutgoingRecord<TKey, TValue>> records, CancellationToken cancellationToken = default) =>
        BatchedSends.SendAsync(this, records, cancellationToken); // each with its own span and count

    public ValueTask FlushAsync(CancellationToken cancellationToken = default) => producer.FlushAsync(cancellationToken);

    public ValueTask DisposeAsync() => producer.DisposeAsync();

    private async ValueTask<RecordPosition> WatchAsync(
        TKey key, TValue value, bool isTombstone, RecordOptions options, CancellationToken cancellationToken)
    {
        var began = timeProvider.GetTimestamp();
        using var activity = Tracing.StartSend(Topic.Name, isTombstone);
        var carried = Tracing.Inject(in options);
        Exception? failure = null;
        try
        {
            var sending = isTombstone
                ? producer.SendTombstoneAsync(key, carried, cancellationToken)
                : producer.SendAsync(key, value, carried, cancellationToken);
            var position = await sending.ConfigureAwait(false);
            Tracing.At(activity, position);
            return position;
        }
        catch (Exception e)
        {
            failure = e;
            Tracing.Fail(activity, e);
            throw;
        }
        finally
        {
            ClientMetrics.SendTook(Topic.Name, timeProvider.GetElapsedTime(began), failure);
        }
    }

    /// <summary>The span ends with the hand-over: no one waits for what becomes of the record.</summary>
    private async ValueTask WatchHandOverAsync(
        TKey key, TValue value, bool isTombstone, RecordOptions options, CancellationToken cancellationToken)
    {
        using var activity = Tracing.StartSend(Topic.Name, isTombstone);
        var carried = Tracing.Inject(in options);
        try
        {
            var enqueuing = isTombstone
                ? producer.EnqueueTombstoneAsync(key, carried, cancellationToken)
                : producer.EnqueueAsync(key, value, carried, cancellationToken);
            await enqueuing.ConfigureAwait(false);
        }
        catch (Exception failure)
        {
            Tracing.Fail(activity, failure);
            throw;
        }
    }
}

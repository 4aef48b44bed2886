using SchemaStream.Hosting.Starting;

namespace SchemaStream.Hosting.Producing;

/// <summary>
/// A producer as a service: made when the host starts, or when it is first used before that, since making one asks the
/// registry and a service's constructor cannot wait.
/// </summary>
internal sealed class HostedProducer<TKey, TValue>(SchemaStreamClient client, Topic<TKey, TValue> topic, ProducerOptions options)
    : ITopicProducer<TKey, TValue>, IStartStep
{
    private readonly SemaphoreSlim _making = new(1, 1);
    private volatile ITopicProducer<TKey, TValue>? _producer;
    private bool _isDisposed;

    public string Name => $"the producer of topic '{topic.Name}'";

    public Topic<TKey, TValue> Topic => topic;

    public long PendingCount => _producer?.PendingCount ?? 0;

    public Task StartAsync(CancellationToken cancellationToken) => MakeAsync(cancellationToken);

    public ValueTask<RecordPosition> SendAsync(
        TKey key, TValue value, RecordOptions options = default, CancellationToken cancellationToken = default)
    {
        return _producer is { } producer ? producer.SendAsync(key, value, options, cancellationToken) : MakeAndSendAsync();

        async ValueTask<RecordPosition> MakeAndSendAsync()
        {
            var made = await MakeAsync(cancellationToken).ConfigureAwait(false);
            return await made.SendAsync(key, value, options, cancellationToken).ConfigureAwait(false);
        }
    }

    public ValueTask<RecordPosition> SendTombstoneAsync(
        TKey key, RecordOptions options = default, CancellationToken cancellationToken = default)
    {
        return _producer is { } producer ? producer.SendTombstoneAsync(key, options, cancellationToken) : MakeAndSendAsync();

        async ValueTask<RecordPosition> MakeAndSendAsync()
        {
            var made = await MakeAsync(cancellationToken).ConfigureAwait(false);
            return await made.SendTombstoneAsync(key, options, cancellationToken).ConfigureAwait(false);
        }
    }

    public ValueTask EnqueueAsync(
        TKey key, TValue value, RecordOptions options = default, CancellationToken cancellationToken = default)
    {
        return _producer is { } producer ? producer.EnqueueAsync(key, value, options, cancellationToken) : MakeAndEnqueueAsync();

        async ValueTask MakeAndEnqueueAsync()
        {
            var made = await MakeAsync(cancellationToken).ConfigureAwait(false);
            await made.EnqueueAsync(key, value, options, cancellationToken).ConfigureAwait(false);
        }
    }

    public ValueTask EnqueueTombstoneAsync(
        TKey key, RecordOptions options = default, CancellationToken cancellationToken = default)
    {
        return _producer is { } producer ? producer.EnqueueTombstoneAsync(key, options, cancellationToken) : MakeAndEnqueueAsync();

        async ValueTask MakeAndEnqueueAsync()
        {
            var made = await MakeAsync(cancellationToken).ConfigureAwait(false);
            await made.EnqueueTombstoneAsync(key, options, cancellationToken).ConfigureAwait(false);
        }
    }

    public async Task<IReadOnlyList<RecordPosition>> SendManyAsync(
        IEnumerable<OutgoingRecord<TKey, TValue>> records, CancellationToken cancellationToken = default)
    {
        var producer = _producer ?? await MakeAsync(cancellationToken).ConfigureAwait(false);
        return await producer.SendManyAsync(records, cancellationToken).ConfigureAwait(false);
    }

    public ValueTask FlushAsync(CancellationToken cancellationToken = default) =>
        _producer?.FlushAsync(cancellationToken) ?? ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await _making.WaitAsync().ConfigureAwait(false);
        try
        {
            _isDisposed = true;
            if (_producer is { } producer)
            {
                await producer.DisposeAsync().ConfigureAwait(false);
            }
        }
        finally
        {
            _making.Release();
        }
    }

    private async Task<ITopicProducer<TKey, TValue>> MakeAsync(CancellationToken cancellationToken)
    {
        await _making.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            return _producer ??= await client.CreateProducerAsync(topic, options, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _making.Release();
        }
    }
}

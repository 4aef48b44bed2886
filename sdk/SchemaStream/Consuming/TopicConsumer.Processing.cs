using SchemaStream.Consuming.Failures;
using SchemaStream.Consuming.Processing;

namespace SchemaStream.Consuming;

/// <content>Handlers that run side by side, for the topic and for its retry topics.</content>
internal sealed partial class TopicConsumer<TKey, TValue>
{
    /// <summary>What a timer takes, with much to spare.</summary>
    private static readonly TimeSpan LongestDelay = TimeSpan.FromDays(30);

    private volatile Processor<TKey, TValue>? _processing;

    /// <summary>The latest run of handlers.</summary>
    private volatile Task? _run;

    public async Task ProcessAsync(
        Func<ConsumedRecord<TKey, TValue>, CancellationToken, ValueTask> handler,
        ProcessingOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(handler);
        options ??= new();
        Demand(options);
        BeginReading();
        try
        {
            // What a loop was left with is handled, as when a loop goes on.
            await SettleAsync(cancellationToken).ConfigureAwait(false);
            var run = ProcessAllAsync(handler, options, cancellationToken);
            _run = run;
            await run.ConfigureAwait(false);
        }
        finally
        {
            _processing = null;
            EndReading();
        }
    }

    private void Demand(ProcessingOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Parallelism, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.QueueCapacity, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.DrainTimeout, TimeSpan.Zero);
        foreach (var delay in options.Failure.Delays)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(delay, TimeSpan.Zero);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(delay, LongestDelay);
        }

        if (_failed is null && ProcessingTerms.NeedsBytes(options.Failure))
        {
            throw new NotSupportedException("This consumer was made without the means to write to retry and dead-letter topics.");
        }
    }

    private async Task ProcessAllAsync(
        Func<ConsumedRecord<TKey, TValue>, CancellationToken, ValueTask> handler,
        ProcessingOptions options,
        CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var tiers = new List<RetryTier<TKey, TValue>>();
        try
        {
            if (options.Failure.Place == RetryPlace.RetryTopics)
            {
                for (var number = 1; number <= options.Failure.Delays.Count; number++)
                {
                    tiers.Add(await OpenTierAsync(number, handler, options, cancellationToken).ConfigureAwait(false));
                }
            }

            var terms = new ProcessingTerms(options, _options.CommitMode, _options.TimeProvider, Topic.Name, GroupId);
            using var main = new Processor<TKey, TValue>(_source, _transport, handler, terms, _failed, _logger);
            _processing = main;
            var runs = tiers.Select(tier => tier.RunAsync(stop.Token)).Prepend(main.RunAsync(stop.Token)).ToList();

            // The first that ends, for whatever reason, ends the others; its reason is the one that counts.
            var first = await Task.WhenAny(runs).ConfigureAwait(false);
            await stop.CancelAsync().ConfigureAwait(false);
            await Task.WhenAll(runs).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            cancellationToken.ThrowIfCancellationRequested();
            await first.ConfigureAwait(false);
        }
        finally
        {
            foreach (var tier in tiers)
            {
                await tier.DisposeAsync().ConfigureAwait(false);
            }
        }
    }

    private async Task<RetryTier<TKey, TValue>> OpenTierAsync(
        int number,
        Func<ConsumedRecord<TKey, TValue>, CancellationToken, ValueTask> handler,
        ProcessingOptions options,
        CancellationToken cancellationToken)
    {
        var name = FailureTopicNames.Retry(Topic.Name, GroupId, number);
        await _failureTopics!.EnsureAsync(name, options.Failure.Delays[number - 1], cancellationToken).ConfigureAwait(false);

        // The application commits what it reads of the topic, and knows nothing of this one.
        var mode = _options.CommitMode == CommitMode.Manual ? CommitMode.AfterHandling : _options.CommitMode;
        var reading = _options with
        {
            CommitMode = mode,
            AutoOffsetReset = AutoOffsetReset.Earliest,
            PartitionsAssigned = null,
            PartitionsRevoked = null,
            PartitionsLost = null,
        };
        var transport = _failureTopics.CreateConsumer(name, name, reading);
        var source = new RecordSource<TKey, TValue>(
            Topic.Name, GroupId, _keys, _values, transport, _options.DecodeFailure, _failed, _logger);
        var terms = new ProcessingTerms(options, mode, _options.TimeProvider, Topic.Name, GroupId) { IsRetry = true };
        return new RetryTier<TKey, TValue>(
            source, transport, new Processor<TKey, TValue>(source, transport, handler, terms, _failed, _logger));
    }
}

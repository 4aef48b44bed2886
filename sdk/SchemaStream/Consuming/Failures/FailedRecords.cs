using System.Globalization;
using Microsoft.Extensions.Logging;

namespace SchemaStream.Consuming.Failures;

/// <summary>Sends records of one topic and group to its retry and dead-letter topics, which it makes when first needed.</summary>
/// <param name="topic">The topic.</param>
/// <param name="groupId">The group.</param>
/// <param name="topics">Makes topics and producers.</param>
/// <param name="time">Says when a retry is due.</param>
/// <param name="logger">Where dead letters are logged.</param>
internal sealed class FailedRecords(
    string topic, string groupId, IFailureTopics topics, TimeProvider time, ILogger logger)
    : IFailedRecords, IAsyncDisposable
{
    private const int LongestReason = 1000;
    private const int LongestStack = 8000;
    private const string TooLarge = "MSG_SIZE_TOO_LARGE";

    private readonly SemaphoreSlim _making = new(1, 1);
    private readonly Dictionary<string, ITopicProducer<byte[], byte[]>> _producers = new(StringComparer.Ordinal);

    /// <inheritdoc />
    public async ValueTask DeadLetterAsync(
        FailedRecord record, Exception failure, int attempts, FailurePolicy policy, CancellationToken cancellationToken)
    {
        var target = FailureTopicNames.DeadLetters(topic, policy);
        await SendAsync(target, record, Explain(record, failure, attempts), cancellationToken).ConfigureAwait(false);
        logger.RecordDeadLettered(record.Source.Topic, record.Source.Partition, record.Source.Offset, target, failure);
    }

    /// <inheritdoc />
    public ValueTask RetryLaterAsync(
        FailedRecord record, Exception failure, int attempts, TimeSpan delay, CancellationToken cancellationToken)
    {
        var due = time.GetUtcNow() + delay;
        var headers = Explain(record, failure, attempts).Add(FailureHeaders.Due, Number(due.ToUnixTimeMilliseconds()));
        return SendAsync(FailureTopicNames.Retry(topic, groupId, attempts), record, headers, cancellationToken);
    }

    /// <summary>Flushes and closes the producers.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (var producer in _producers.Values)
        {
            await producer.DisposeAsync().ConfigureAwait(false);
        }

        _producers.Clear();
        _making.Dispose();
    }

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Cut(string text, int longest) => text.Length <= longest ? text : text[..longest];

    private static bool IsOurs(string header) => header is FailureHeaders.Reason or FailureHeaders.ExceptionType
        or FailureHeaders.Stack or FailureHeaders.SourceTopic or FailureHeaders.SourcePartition or FailureHeaders.SourceOffset
        or FailureHeaders.SourceTimestamp or FailureHeaders.Group or FailureHeaders.Attempt or FailureHeaders.Due;

    private RecordHeaders Explain(FailedRecord record, Exception failure, int attempts)
    {
        var headers = new RecordHeaders();
        foreach (var header in record.Headers)
        {
            if (!IsOurs(header.Name))
            {
                headers.Add(header.Name, header.Value);
            }
        }

        return headers
            .Add(FailureHeaders.Reason, Cut(failure.Message, LongestReason))
            .Add(FailureHeaders.ExceptionType, failure.GetType().FullName ?? failure.GetType().Name)
            .Add(FailureHeaders.Stack, Cut(failure.ToString(), LongestStack))
            .Add(FailureHeaders.SourceTopic, record.Source.Topic)
            .Add(FailureHeaders.SourcePartition, Number(record.Source.Partition))
            .Add(FailureHeaders.SourceOffset, Number(record.Source.Offset))
            .Add(FailureHeaders.SourceTimestamp, Number(record.Timestamp.ToUnixTimeMilliseconds()))
            .Add(FailureHeaders.Group, groupId)
            .Add(FailureHeaders.Attempt, Number(attempts));
    }

    private async ValueTask SendAsync(
        string target, FailedRecord record, RecordHeaders headers, CancellationToken cancellationToken)
    {
        var producer = await ProducerOfAsync(target, cancellationToken).ConfigureAwait(false);
        try
        {
            await SendAsync(producer, record, headers, cancellationToken).ConfigureAwait(false);
        }
        catch (DeliveryException refusal) when (refusal.Failure?.Code == TooLarge)
        {
            // A record that just fitted its topic: better without the stack than not at all.
            var slim = new RecordHeaders();
            foreach (var header in headers)
            {
                if (header.Name != FailureHeaders.Stack)
                {
                    slim.Add(header.Name, header.Value);
                }
            }

            await SendAsync(producer, record, slim, cancellationToken).ConfigureAwait(false);
        }
    }

    private static async ValueTask SendAsync(
        ITopicProducer<byte[], byte[]> producer, FailedRecord record, RecordHeaders headers, CancellationToken cancellationToken)
    {
        // With the time of now, by which topics forget: an old record would be gone before anyone had looked at it. Its own time
        // is among the headers.
        var options = new RecordOptions { Headers = headers };
        await producer.SendAsync(record.Key!, record.Value!, options, cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask<ITopicProducer<byte[], byte[]>> ProducerOfAsync(string target, CancellationToken cancellationToken)
    {
        await _making.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (!_producers.TryGetValue(target, out var producer))
            {
                await topics.EnsureAsync(target, wait: TimeSpan.Zero, cancellationToken).ConfigureAwait(false);
                producer = topics.CreateProducer(target);
                _producers.Add(target, producer);
            }

            return producer;
        }
        finally
        {
            _making.Release();
        }
    }
}

using System.Diagnostics.CodeAnalysis;
using System.Runtime.ExceptionServices;

namespace SchemaStream.Producing;

/// <summary>Sends many records and waits for all, with a bounded number of them on the way.</summary>
internal static class BatchedSends
{
    /// <summary>How many sends are waited for at once: more than a few requests' worth gains nothing.</summary>
    private const int MostOnTheWay = 16 * 1024;

    [SuppressMessage("Reliability", "CA2012:Use ValueTasks correctly", Justification = "Each is awaited once, in the order of the calls.")]
    public static async Task<IReadOnlyList<RecordPosition>> SendAsync<TKey, TValue>(
        ITopicProducer<TKey, TValue> producer,
        IEnumerable<OutgoingRecord<TKey, TValue>> records,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(records);
        var positions = new List<RecordPosition>(records.TryGetNonEnumeratedCount(out var known) ? known : 0);
        var onTheWay = new Queue<ValueTask<RecordPosition>>();
        DeliveryFailure? first = null;
        ExceptionDispatchInfo? stopped = null;
        var failed = 0L;
        try
        {
            foreach (var record in records)
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (onTheWay.Count == MostOnTheWay)
                {
                    await SettleAsync(onTheWay.Dequeue()).ConfigureAwait(false);
                }

                var sending = record.IsTombstone
                    ? producer.SendTombstoneAsync(record.Key, record.Options, cancellationToken)
                    : producer.SendAsync(record.Key, record.Value, record.Options, cancellationToken);
                if (sending.IsFaulted || sending.IsCanceled)
                {
                    await SettleAsync(sending).ConfigureAwait(false);
                }
                else
                {
                    onTheWay.Enqueue(sending);
                }

                if (stopped is not null)
                {
                    break; // a record that fits no schema: those behind it must not arrive without it
                }
            }
        }
        finally
        {
            while (onTheWay.TryDequeue(out var sending))
            {
                await SettleAsync(sending).ConfigureAwait(false);
            }
        }

        stopped?.Throw();
        return first is null ? positions : throw new DeliveryException(first, failed);

        async ValueTask SettleAsync(ValueTask<RecordPosition> sending)
        {
            try
            {
                positions.Add(await sending.ConfigureAwait(false));
            }
            catch (DeliveryException failure) when (failure.Failure is not null)
            {
                first ??= failure.Failure;
                failed++;
            }
            catch (Exception failure)
            {
                // Thrown once all are settled: no send may be left that no one awaits.
                stopped ??= ExceptionDispatchInfo.Capture(failure);
            }
        }
    }
}

namespace SchemaStream.Hosting.Transforming;

/// <summary>
/// Makes of each record of one topic a record of another, exactly once, or none: one call per record, each in a scope of its own.
/// </summary>
/// <typeparam name="TKey">The C# type of the keys that are read.</typeparam>
/// <typeparam name="TValue">The C# type of the values that are read.</typeparam>
/// <typeparam name="TNewKey">The C# type of the keys that are written.</typeparam>
/// <typeparam name="TNewValue">The C# type of the values that are written.</typeparam>
/// <example><code>
/// public sealed class Billing(IPrices prices) : ITopicTransform&lt;string, OrderPlaced, string, BillSent&gt;
/// {
///     public async ValueTask&lt;OutgoingRecord&lt;string, BillSent&gt;?&gt; TransformAsync(
///         ConsumedRecord&lt;string, OrderPlaced&gt; order, CancellationToken cancellationToken) =&gt;
///         new(order.Key, new BillSent(await prices.OfAsync(order.Value, cancellationToken)));
/// }
/// </code></example>
public interface ITopicTransform<TKey, TValue, TNewKey, TNewValue>
{
    /// <summary>Says what becomes of a record.</summary>
    /// <param name="record">The record; a tombstone has no value.</param>
    /// <param name="cancellationToken">Cancelled when the host stops and the time for what is in hand is over.</param>
    /// <returns>The record to write; null for none.</returns>
    /// <remarks>
    /// It is called again for the same record when the transaction is aborted: exactly once holds for what is returned, not for
    /// what else is done here. An exception drops the transaction and stops the host, but for those of brokers and registry that
    /// cannot be reached, after which it is begun again.
    /// </remarks>
    ValueTask<OutgoingRecord<TNewKey, TNewValue>?> TransformAsync(ConsumedRecord<TKey, TValue> record, CancellationToken cancellationToken);
}

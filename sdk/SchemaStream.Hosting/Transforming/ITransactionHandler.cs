namespace SchemaStream.Hosting.Transforming;

/// <summary>
/// Handles the records of a topic within transactions, exactly once: for what becomes several records, or records of several
/// topics. One call per record, each in a scope of its own.
/// </summary>
/// <typeparam name="TKey">The C# type of the keys.</typeparam>
/// <typeparam name="TValue">The C# type of the values.</typeparam>
/// <example><code>
/// public sealed class Splitting : ITransactionHandler&lt;string, OrderPlaced&gt;
/// {
///     public async ValueTask HandleAsync(
///         ConsumedRecord&lt;string, OrderPlaced&gt; order, ITransaction transaction, CancellationToken cancellationToken)
///     {
///         foreach (var line in order.Value.Lines)
///         {
///             await transaction.EnqueueAsync(Topics.Lines, line.Sku, line, cancellationToken: cancellationToken);
///         }
///     }
/// }
/// </code></example>
public interface ITransactionHandler<TKey, TValue>
{
    /// <summary>Handles one record.</summary>
    /// <param name="record">The record; a tombstone has no value.</param>
    /// <param name="transaction">
    /// Where records are sent; it has other records' too. The host commits it, together with the place up to which the topic is read.
    /// </param>
    /// <param name="cancellationToken">Cancelled when the host stops and the time for what is in hand is over.</param>
    /// <remarks>
    /// It is called again for the same record when the transaction is aborted: exactly once holds for what is sent by it, not for
    /// what else is done here. An exception drops the transaction and stops the host, but for those of brokers and registry that
    /// cannot be reached, after which it is begun again.
    /// </remarks>
    ValueTask HandleAsync(ConsumedRecord<TKey, TValue> record, ITransaction transaction, CancellationToken cancellationToken);
}

namespace SchemaStream.Hosting.Consuming;

/// <summary>Handles the records of a topic, one call per record, each in a scope of its own.</summary>
/// <typeparam name="TKey">The C# type of the keys.</typeparam>
/// <typeparam name="TValue">The C# type of the values.</typeparam>
/// <example><code>
/// public sealed class OrderHandler(ShopContext shop) : ITopicHandler&lt;string, OrderPlaced&gt;
/// {
///     public async ValueTask HandleAsync(ConsumedRecord&lt;string, OrderPlaced&gt; record, CancellationToken cancellationToken) =&gt;
///         await shop.SaveAsync(record.Value, cancellationToken);
/// }
/// </code></example>
public interface ITopicHandler<TKey, TValue>
{
    /// <summary>Handles one record. When it returns, the record counts as handled and is committed as the consumer's settings say.</summary>
    /// <param name="record">The record; a tombstone has no value.</param>
    /// <param name="cancellationToken">Cancelled when the record is no longer this member's to handle.</param>
    /// <remarks>An exception is dealt with by the consumer's failure policy. A record may come again after a failure or a crash.</remarks>
    ValueTask HandleAsync(ConsumedRecord<TKey, TValue> record, CancellationToken cancellationToken);
}

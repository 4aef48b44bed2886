namespace SchemaStream;

/// <summary>Makes transactions over any number of topics: what is sent in one is seen whole, or not at all.</summary>
/// <remarks>
/// One transaction at a time; make more producers, each with its own transactional id, for more. Whoever takes over an id
/// fences who had it before, and ends what that left open.
/// </remarks>
public interface ITransactionalProducer : IAsyncDisposable
{
    /// <summary>The name under which the brokers know it, over restarts of the program.</summary>
    string TransactionalId { get; }

    /// <summary>Begins a transaction. Dispose it: without a commit before, that aborts it.</summary>
    /// <example><code>
    /// await using var tx = await producer.BeginAsync();
    /// await tx.EnqueueAsync(Orders.Topic, "customer-7", order);
    /// await tx.EnqueueAsync(Payments.Topic, "customer-7", payment);
    /// await tx.CommitAsync();
    /// </code></example>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="InvalidOperationException">The transaction before has not ended.</exception>
    /// <exception cref="ProducerFencedException">Another producer has this one's transactional id.</exception>
    /// <exception cref="BrokerException">An earlier error was fatal for this producer: make a new one.</exception>
    Task<ITransaction> BeginAsync(CancellationToken cancellationToken = default);
}

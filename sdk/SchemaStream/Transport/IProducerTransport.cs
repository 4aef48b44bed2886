namespace SchemaStream.Transport;

/// <summary>The road to the brokers for the records of one topic.</summary>
internal interface IProducerTransport : IAsyncDisposable
{
    /// <summary>How many records are accepted but not yet acknowledged or failed.</summary>
    long PendingCount { get; }

    /// <summary>Hands a record over; its bytes are copied.</summary>
    /// <param name="record">The record.</param>
    /// <param name="delivery">Told of the outcome; null for a record that no one waits for.</param>
    /// <returns>False when the queue is full: wait for room and try again.</returns>
    /// <exception cref="DeliveryException">The record can never be sent, for example because it is too large.</exception>
    bool TrySend(EncodedRecord record, Delivery? delivery);

    /// <summary>Completes when records have left the queue after this call, or at once when <paramref name="retry"/> succeeds.</summary>
    /// <param name="retry">Tried once after the wait has begun, so that no signal is missed.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>Whether <paramref name="retry"/> has succeeded.</returns>
    ValueTask<bool> WaitForRoomAsync(Func<bool> retry, CancellationToken cancellationToken);

    /// <summary>Completes when nothing is pending.</summary>
    /// <param name="cancellationToken">Stops waiting.</param>
    ValueTask DrainAsync(CancellationToken cancellationToken);
}

namespace SchemaStream.Consuming.Failures;

/// <summary>Where records go that could not be read or handled.</summary>
internal interface IFailedRecords
{
    /// <summary>Puts a record into the dead-letter topic; completes when the brokers have it.</summary>
    /// <param name="record">The record.</param>
    /// <param name="failure">Why.</param>
    /// <param name="attempts">How many attempts have failed.</param>
    /// <param name="policy">Names the topic.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="DeliveryException">The brokers did not take it.</exception>
    ValueTask DeadLetterAsync(
        FailedRecord record, Exception failure, int attempts, FailurePolicy policy, CancellationToken cancellationToken);

    /// <summary>Puts a record into the retry topic of its next attempt; completes when the brokers have it.</summary>
    /// <param name="record">The record.</param>
    /// <param name="failure">Why.</param>
    /// <param name="attempts">How many attempts have failed: the number of the topic.</param>
    /// <param name="delay">How long the next attempt shall wait.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="DeliveryException">The brokers did not take it.</exception>
    ValueTask RetryLaterAsync(
        FailedRecord record, Exception failure, int attempts, TimeSpan delay, CancellationToken cancellationToken);
}

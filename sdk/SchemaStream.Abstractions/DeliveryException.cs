namespace SchemaStream;

/// <summary>The brokers did not take a record.</summary>
public sealed class DeliveryException : Exception
{
    /// <summary>Makes the exception.</summary>
    public DeliveryException()
    {
    }

    /// <summary>Makes the exception with its message.</summary>
    /// <param name="message">What failed and why.</param>
    public DeliveryException(string message)
        : base(message)
    {
    }

    /// <summary>Makes the exception with its message and cause.</summary>
    /// <param name="message">What failed and why.</param>
    /// <param name="innerException">The cause.</param>
    public DeliveryException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>Makes the exception from a failure.</summary>
    /// <param name="failure">The failure, the first of several.</param>
    /// <param name="count">How many records failed.</param>
    public DeliveryException(DeliveryFailure failure, long count = 1)
        : base(count == 1
            ? $"A record for {PlaceOf(failure)} was not delivered: {failure.Code}: {failure.Reason}"
            : $"{count} records for topic '{failure.Topic}' were not delivered; the first: {failure.Code}: {failure.Reason}")
    {
        Failure = failure;
        Count = count;
    }

    /// <summary>The failure, the first of several.</summary>
    public DeliveryFailure? Failure { get; }

    /// <summary>How many records failed.</summary>
    public long Count { get; }

    private static string PlaceOf(DeliveryFailure failure) =>
        failure.Partition < 0 ? $"topic '{failure.Topic}'" : $"{failure.Topic}[{failure.Partition}]";
}

namespace SchemaStream;

/// <summary>
/// Another producer has taken this one's transactional id over, so that this one can do nothing more: dispose it. Either the
/// program was started twice under one id, or this one was taken for dead.
/// </summary>
public sealed class ProducerFencedException : Exception
{
    /// <summary>Makes the exception.</summary>
    public ProducerFencedException()
    {
    }

    /// <summary>Makes the exception with its message.</summary>
    /// <param name="message">What was tried and why it failed.</param>
    public ProducerFencedException(string message)
        : base(message)
    {
    }

    /// <summary>Makes the exception with its message and cause.</summary>
    /// <param name="message">What was tried and why it failed.</param>
    /// <param name="innerException">The cause.</param>
    public ProducerFencedException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>Makes the exception from an error.</summary>
    /// <param name="code">The error's name, Kafka's or the client's own, for example <c>PRODUCER_FENCED</c>.</param>
    /// <param name="message">What was tried and why it failed.</param>
    /// <param name="innerException">The cause.</param>
    public ProducerFencedException(string code, string message, Exception? innerException = null)
        : base($"{message} ({code})", innerException) => Code = code;

    /// <summary>The error's name.</summary>
    public string Code { get; } = "";
}

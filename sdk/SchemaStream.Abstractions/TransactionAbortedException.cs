namespace SchemaStream;

/// <summary>
/// A transaction cannot be committed, and nothing of it will be seen. The producer is as good as before: begin another
/// transaction and do the work again.
/// </summary>
public sealed class TransactionAbortedException : Exception
{
    /// <summary>Makes the exception.</summary>
    public TransactionAbortedException()
    {
    }

    /// <summary>Makes the exception with its message.</summary>
    /// <param name="message">What was tried and why it failed.</param>
    public TransactionAbortedException(string message)
        : base(message)
    {
    }

    /// <summary>Makes the exception with its message and cause.</summary>
    /// <param name="message">What was tried and why it failed.</param>
    /// <param name="innerException">The cause.</param>
    public TransactionAbortedException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>Makes the exception from an error.</summary>
    /// <param name="code">The error's name, Kafka's or the client's own, for example <c>ILLEGAL_GENERATION</c>.</param>
    /// <param name="message">What was tried and why it failed.</param>
    /// <param name="innerException">The cause.</param>
    public TransactionAbortedException(string code, string message, Exception? innerException = null)
        : base($"{message} ({code})", innerException) => Code = code;

    /// <summary>The error's name.</summary>
    public string Code { get; } = "";
}

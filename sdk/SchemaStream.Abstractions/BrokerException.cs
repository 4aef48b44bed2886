namespace SchemaStream;

/// <summary>The brokers refused a request, or could not be reached for it.</summary>
public sealed class BrokerException : Exception
{
    /// <summary>Makes the exception.</summary>
    public BrokerException()
    {
    }

    /// <summary>Makes the exception with its message.</summary>
    /// <param name="message">What was tried and why it failed.</param>
    public BrokerException(string message)
        : base(message)
    {
    }

    /// <summary>Makes the exception with its message and cause.</summary>
    /// <param name="message">What was tried and why it failed.</param>
    /// <param name="innerException">The cause.</param>
    public BrokerException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>Makes the exception from an error.</summary>
    /// <param name="code">The error's name, Kafka's or the client's own, for example <c>GROUP_AUTHORIZATION_FAILED</c>.</param>
    /// <param name="message">What was tried and why it failed.</param>
    /// <param name="innerException">The cause.</param>
    public BrokerException(string code, string message, Exception? innerException = null)
        : base($"{message} ({code})", innerException) => Code = code;

    /// <summary>The error's name.</summary>
    public string Code { get; } = "";
}

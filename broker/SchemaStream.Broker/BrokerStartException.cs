namespace SchemaStream.Broker;

/// <summary>The broker cannot start as asked. The message says what was expected, what was found, and what to do.</summary>
public sealed class BrokerStartException : Exception
{
    public BrokerStartException()
    {
    }

    public BrokerStartException(string message)
        : base(message)
    {
    }

    public BrokerStartException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}

namespace SchemaStream.Protocol;

/// <summary>
/// Bytes that do not form the message they claim to be. The text says which field, what was expected and what was found;
/// whoever sent them gets a closed connection, never a half-read message.
/// </summary>
public sealed class ProtocolException : Exception
{
    public ProtocolException()
    {
    }

    public ProtocolException(string message)
        : base(message)
    {
    }

    public ProtocolException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}

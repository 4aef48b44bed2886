namespace SchemaStream.Protocol.Client.Security;

/// <summary>The broker refused the credentials, or could not show that it knows them. Trying again does not help.</summary>
public sealed class KafkaAuthenticationException : Exception
{
    public KafkaAuthenticationException()
    {
    }

    public KafkaAuthenticationException(string message)
        : base(message)
    {
    }

    public KafkaAuthenticationException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}

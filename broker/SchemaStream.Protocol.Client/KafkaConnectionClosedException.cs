namespace SchemaStream.Protocol.Client;

/// <summary>The connection ended before the response came. Whether the broker did what was asked is unknown.</summary>
public sealed class KafkaConnectionClosedException : IOException
{
    public KafkaConnectionClosedException()
    {
    }

    public KafkaConnectionClosedException(string message)
        : base(message)
    {
    }

    public KafkaConnectionClosedException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}

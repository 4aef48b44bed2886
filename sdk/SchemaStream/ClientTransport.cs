namespace SchemaStream;

/// <summary>Who moves the bytes between a program and the brokers.</summary>
public enum ClientTransport
{
    /// <summary>
    /// The SDK itself, as far as it can: producers send, and consumers and tables fetch, by its own code over Kafka's
    /// protocol, at a fraction of librdkafka's cost per record. librdkafka keeps a consumer's place in its group and commits
    /// its offsets, and transactions are its.
    /// </summary>
    /// <remarks>
    /// A producer, consumer or table with a setting that this way does not act upon (one that <c>ConfigureTransport</c> has
    /// set) is librdkafka's all the same; the log names the setting.
    /// </remarks>
    Managed,

    /// <summary>librdkafka alone.</summary>
    Librdkafka,
}

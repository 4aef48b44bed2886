namespace SchemaStream;

/// <summary>Who moves the bytes between a program and the brokers.</summary>
public enum ClientTransport
{
    /// <summary>
    /// The SDK itself, as far as it can: consumers and tables fetch records by its own code over Kafka's protocol, at a
    /// fraction of librdkafka's cost per record. librdkafka keeps a consumer's place in its group and commits its offsets,
    /// and it sends what producers send.
    /// </summary>
    /// <remarks>
    /// A consumer or table with a setting that this way does not act upon (one that <c>ConfigureTransport</c> has set) is
    /// read by librdkafka all the same; the log names the setting.
    /// </remarks>
    Managed,

    /// <summary>librdkafka alone.</summary>
    Librdkafka,
}

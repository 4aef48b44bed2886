namespace SchemaStream.Broker;

internal static class BrokerDefaults
{
    /// <summary>The one listener there is, by Kafka's name for it.</summary>
    public const string ListenerName = "PLAINTEXT";
}

namespace SchemaStream.Broker.Server.Handlers;

/// <summary>What a config belongs to; the numbers are the protocol's.</summary>
internal enum ConfigResourceType : sbyte
{
    Topic = 2,
    Broker = 4,
    BrokerLogger = 8,
    ClientMetrics = 16,
    Group = 32,
}

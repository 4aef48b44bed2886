namespace SchemaStream.Broker.Metadata.Records;

/// <summary>What a config belongs to; the numbers are the protocol's, and on disk.</summary>
public enum ConfigResource : sbyte
{
    Topic = 2,
    Broker = 4,

    /// <summary>A subscription to clients' metrics.</summary>
    ClientMetrics = 16,
    Group = 32,
}

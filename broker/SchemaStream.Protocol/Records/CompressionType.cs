namespace SchemaStream.Protocol.Records;

/// <summary>The codec of a batch's records: the lowest three bits of its attributes. The numbers are Kafka's.</summary>
public enum CompressionType : byte
{
    None = 0,
    Gzip = 1,
    Snappy = 2,
    Lz4 = 3,
    Zstd = 4,
}

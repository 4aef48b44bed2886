namespace SchemaStream;

/// <summary>How a producer compresses batches.</summary>
public enum CompressionType
{
    /// <summary>Not at all.</summary>
    None = 0,

    /// <summary>gzip.</summary>
    Gzip = 1,

    /// <summary>Snappy.</summary>
    Snappy = 2,

    /// <summary>LZ4.</summary>
    Lz4 = 3,

    /// <summary>Zstandard.</summary>
    Zstd = 4,
}

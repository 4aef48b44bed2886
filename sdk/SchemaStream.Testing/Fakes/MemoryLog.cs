namespace SchemaStream.Testing.Fakes;

/// <summary>A record as bytes, as a broker would keep it.</summary>
internal sealed record MemoryRecord(long Offset, long TimestampMs, byte[]? Key, byte[]? Value, RecordHeaders? Headers);

/// <summary>A topic's partitions. Touched under the cluster's gate.</summary>
internal sealed class MemoryTopic(int partitionCount)
{
    public List<MemoryRecord>[] Partitions { get; } = [.. Enumerable.Range(0, partitionCount).Select(_ => new List<MemoryRecord>())];

    /// <summary>Where the next record without a key goes: one partition after the other, the same in every run.</summary>
    public int NextWithoutKey { get; set; }
}

/// <summary>Kafka's hash of keys, so that a fake spreads keys as a cluster does.</summary>
internal static class KeyHash
{
    private const uint Seed = 0x9747b28c;
    private const uint Multiplier = 0x5bd1e995;
    private const int Shift = 24;

    /// <summary>The partition of a key.</summary>
    public static int PartitionOf(ReadOnlySpan<byte> key, int count) => (int)(Murmur2(key) & 0x7fffffff) % count;

    private static uint Murmur2(ReadOnlySpan<byte> data)
    {
        var hash = Seed ^ (uint)data.Length;
        while (data.Length >= sizeof(uint))
        {
            var block = System.Buffers.Binary.BinaryPrimitives.ReadUInt32LittleEndian(data) * Multiplier;
            block ^= block >> Shift;
            hash = (hash * Multiplier) ^ (block * Multiplier);
            data = data[sizeof(uint)..];
        }

        if (data.Length > 0)
        {
            for (var at = data.Length - 1; at >= 0; at--)
            {
                hash ^= (uint)data[at] << (8 * at);
            }

            hash *= Multiplier;
        }

        hash ^= hash >> 13;
        hash *= Multiplier;
        return hash ^ (hash >> 15);
    }
}

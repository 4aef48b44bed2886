using System.Buffers.Binary;

namespace SchemaStream.Transport.Wire.Producing;

/// <summary>Which partition a key has: murmur2, as in every client of Kafka's own.</summary>
internal static class KeyPartitioner
{
    private const uint Seed = 0x9747b28c;
    private const uint Multiplier = 0x5bd1e995;
    private const int Shift = 24;

    /// <summary>The partition of a key.</summary>
    /// <param name="key">The key's bytes.</param>
    /// <param name="partitions">How many partitions the topic has.</param>
    public static int Choose(ReadOnlySpan<byte> key, int partitions) => (int)((Hash(key) & int.MaxValue) % (uint)partitions);

    /// <summary>The 32-bit murmur2 hash, with Kafka's seed.</summary>
    public static uint Hash(ReadOnlySpan<byte> bytes)
    {
        var hash = Seed ^ (uint)bytes.Length;
        for (; bytes.Length >= sizeof(uint); bytes = bytes[sizeof(uint)..])
        {
            var part = BinaryPrimitives.ReadUInt32LittleEndian(bytes) * Multiplier;
            part = (part ^ (part >> Shift)) * Multiplier;
            hash = (hash * Multiplier) ^ part;
        }

        if (bytes.Length > 0)
        {
            for (var index = bytes.Length - 1; index >= 0; index--)
            {
                hash ^= (uint)bytes[index] << (8 * index);
            }

            hash *= Multiplier;
        }

        hash = (hash ^ (hash >> 13)) * Multiplier;
        return hash ^ (hash >> 15);
    }
}

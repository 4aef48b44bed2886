namespace SchemaStream.Avro.Text;

/// <summary>CRC-64-AVRO: the specification's 64-bit Rabin fingerprint.</summary>
internal static class RabinFingerprint
{
    /// <summary>The fingerprint of no bytes, which is also the polynomial.</summary>
    private const ulong Empty = 0xc15d213aa4d7a795;

    private static readonly ulong[] Table = MakeTable();

    public static ulong Compute(ReadOnlySpan<byte> bytes)
    {
        var fingerprint = Empty;
        foreach (var b in bytes)
        {
            fingerprint = (fingerprint >> 8) ^ Table[(byte)fingerprint ^ b];
        }

        return fingerprint;
    }

    private static ulong[] MakeTable()
    {
        var table = new ulong[256];
        for (var i = 0; i < table.Length; i++)
        {
            var entry = (ulong)i;
            for (var bit = 0; bit < 8; bit++)
            {
                entry = (entry >> 1) ^ ((entry & 1) == 0 ? 0 : Empty);
            }

            table[i] = entry;
        }

        return table;
    }
}

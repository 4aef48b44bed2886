using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using SchemaStream.Avro.Schemas;

namespace SchemaStream.Avro.Text;

/// <summary>Fingerprints of canonical forms.</summary>
internal static class Fingerprints
{
    public static byte[] Compute(string canonicalForm, AvroFingerprintAlgorithm algorithm)
    {
        var bytes = Encoding.UTF8.GetBytes(canonicalForm);
        switch (algorithm)
        {
            case AvroFingerprintAlgorithm.Crc64:
                var result = new byte[sizeof(ulong)];
                BinaryPrimitives.WriteUInt64LittleEndian(result, RabinFingerprint.Compute(bytes));
                return result;
            case AvroFingerprintAlgorithm.Md5:
#pragma warning disable CA5351 // The Avro specification names MD5; it identifies schemas, it secures nothing.
                return MD5.HashData(bytes);
#pragma warning restore CA5351
            case AvroFingerprintAlgorithm.Sha256:
                return SHA256.HashData(bytes);
            default:
                throw new ArgumentOutOfRangeException(nameof(algorithm), algorithm, "Not a fingerprint of the specification.");
        }
    }
}

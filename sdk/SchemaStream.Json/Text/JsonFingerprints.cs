using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace SchemaStream.Json.Text;

/// <summary>
/// A number that equal values have in common, and no others. It is made from the numbers of the parts, so that a value
/// within a value within a value costs no more than its own text.
/// </summary>
internal static class JsonFingerprints
{
    public static UInt128 Of(JsonValue value)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData([(byte)value.Kind]);
        switch (value.Kind)
        {
            case JsonKind.Array:
                foreach (var item in value.Items)
                {
                    Append(hash, item.Fingerprint);
                }

                break;
            case JsonKind.Object:
                foreach (var (name, member) in value.Members.OrderBy(static m => m.Name, StringComparer.Ordinal))
                {
                    // With its length before it, a name cannot pass for the end of another.
                    Append(hash, (UInt128)name.Length);
                    hash.AppendData(Encoding.UTF8.GetBytes(name));
                    Append(hash, member.Fingerprint);
                }

                break;
            default:
                hash.AppendData(Encoding.UTF8.GetBytes(value.Canonical));
                break;
        }

        return BinaryPrimitives.ReadUInt128BigEndian(hash.GetHashAndReset());
    }

    private static void Append(IncrementalHash hash, UInt128 number)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, number);
        hash.AppendData(bytes);
    }
}

using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace SchemaStream.Registry.Core;

/// <summary>Confluent's identity of a schema: one MD5 over text and references, shown as a GUID.</summary>
public static class SchemaIdentity
{
    public static Guid Of(string text, IReadOnlyList<SchemaReference> references)
    {
        var input = new ArrayBufferWriter<byte>(text.Length + 64);
        Append(input, text);
        foreach (var reference in references)
        {
            Append(input, reference.Name);
            Append(input, reference.Subject);
            BinaryPrimitives.WriteInt32BigEndian(input.GetSpan(sizeof(int)), reference.Version);
            input.Advance(sizeof(int));
        }

        Span<byte> digest = stackalloc byte[MD5.HashSizeInBytes];
#pragma warning disable CA5351 // The identity is Confluent's and names content; nothing is kept secret or signed by it.
        MD5.HashData(input.WrittenSpan, digest);
#pragma warning restore CA5351
        return new Guid(digest, bigEndian: true);
    }

    private static void Append(ArrayBufferWriter<byte> output, string text)
    {
        var span = output.GetSpan(Encoding.UTF8.GetMaxByteCount(text.Length));
        output.Advance(Encoding.UTF8.GetBytes(text, span));
    }
}

using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;

namespace SchemaStream.Registry.Http;

/// <summary>The header by which a request is found again in logs: the client's own, or one that is made for it.</summary>
internal static class RequestIds
{
    public const string Header = "X-Request-ID";

    private const int Longest = 128;
    private const byte VersionFour = 0x40;
    private const byte VariantOne = 0x80;

    /// <summary>One for each thread: it is asked with every request, and the system's own generator is a call into the kernel.</summary>
    [ThreadStatic]
    private static Random? _random;

    public static string Of(HttpContext context) =>
        context.Request.Headers[Header].ToString() is { Length: > 0 and <= Longest } sent && sent.All(c => c is > ' ' and <= '~')
            ? sent
            : Make();

    /// <summary>A UUID of version 4. It is no secret, only nobody else's: the seed is the system's.</summary>
    private static string Make()
    {
        Span<byte> bytes = stackalloc byte[16];
        (_random ??= new Random(RandomNumberGenerator.GetInt32(int.MaxValue))).NextBytes(bytes);
        bytes[6] = (byte)((bytes[6] & 0x0f) | VersionFour);
        bytes[8] = (byte)((bytes[8] & 0x3f) | VariantOne);
        return new Guid(bytes, bigEndian: true).ToString();
    }
}

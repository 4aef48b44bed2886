using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace SchemaStream.Registry.Tests.Security;

/// <summary>JSON web tokens as an issuer makes them, good ones and others.</summary>
internal static class Tokens
{
    public const string Secret = "a secret that has more than thirty-two bytes";

    public static readonly DateTimeOffset Now = DateTimeOffset.UnixEpoch.AddDays(20_000);

    public static string Claims(string more = "") =>
        $$"""{"sub":"ann","exp":{{Now.AddMinutes(5).ToUnixTimeSeconds()}}{{more}}}""";

    public static string Hs256(string claims, string header = """{"alg":"HS256","typ":"JWT"}""", string secret = Secret)
    {
        var signed = Signed(header, claims);
        return $"{signed}.{Base64Url.EncodeToString(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.ASCII.GetBytes(signed)))}";
    }

    public static string Rs256(RSA key, string claims)
    {
        var signed = Signed("""{"alg":"RS256"}""", claims);
        var signature = key.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        return $"{signed}.{Base64Url.EncodeToString(signature)}";
    }

    private static string Signed(string header, string claims) =>
        $"{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(header))}.{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(claims))}";
}

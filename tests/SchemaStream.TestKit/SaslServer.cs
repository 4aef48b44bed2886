using System.Security.Cryptography;
using System.Text;
using SchemaStream.Protocol;
using SchemaStream.Protocol.Messages;

namespace SchemaStream.TestKit;

/// <summary>A broker's side of SASL for one connection and one user: what a client proves is checked, not believed.</summary>
/// <param name="mechanisms">What is offered, by Kafka's names.</param>
/// <param name="user">Who is known.</param>
/// <param name="password">With which password.</param>
public sealed class SaslServer(IReadOnlyCollection<string> mechanisms, string user, string password)
{
    private const int Iterations = 4096;

    private readonly byte[] _salt = RandomNumberGenerator.GetBytes(16);
    private string _mechanism = "";
    private string _exchanged = "";
    private string _nonce = "";

    /// <summary>Whether the client has shown that it is the user.</summary>
    public bool IsDone { get; private set; }

    public SaslHandshakeResponse Answer(SaslHandshakeRequest request)
    {
        _mechanism = request.Mechanism;
        return new()
        {
            ErrorCode = mechanisms.Contains(_mechanism) ? ErrorCode.None : ErrorCode.UnsupportedSaslMechanism, Mechanisms = [.. mechanisms],
        };
    }

    public SaslAuthenticateResponse Answer(SaslAuthenticateRequest request)
    {
        var message = Encoding.UTF8.GetString(request.AuthBytes.Span);
        return _mechanism switch
        {
            "PLAIN" => EndWith(message == $"\0{user}\0{password}"),
            "OAUTHBEARER" => EndWith(SubjectOf(message) == user),
            _ when _exchanged.Length == 0 => Challenge(message),
            _ => Verify(message),
        };
    }

    /// <summary>The subject of an unsecured JSON web token (RFC 7628, RFC 7515).</summary>
    private static string SubjectOf(string message)
    {
        const string bearer = "auth=Bearer ";
        var start = message.IndexOf(bearer, StringComparison.Ordinal) + bearer.Length;
        var token = message[start..message.IndexOf('\u0001', start)].Split('.');
        var text = token[1].Replace('-', '+').Replace('_', '/');
        using var claims = System.Text.Json.JsonDocument.Parse(Convert.FromBase64String(text.PadRight((text.Length + 3) / 4 * 4, '=')));
        return claims.RootElement.GetProperty("sub").GetString() ?? "";
    }

    /// <summary><c>n,,n=name,r=nonce</c> (RFC 5802).</summary>
    private SaslAuthenticateResponse Challenge(string message)
    {
        var bare = message["n,,".Length..];
        var nonceAt = bare.IndexOf(",r=", StringComparison.Ordinal);
        if (bare[..nonceAt] != $"n={user.Replace("=", "=3D", StringComparison.Ordinal).Replace(",", "=2C", StringComparison.Ordinal)}")
        {
            return EndWith(isRight: false);
        }

        _nonce = bare[(nonceAt + ",r=".Length)..] + Convert.ToHexString(RandomNumberGenerator.GetBytes(8));
        var first = $"r={_nonce},s={Convert.ToBase64String(_salt)},i={Iterations}";
        _exchanged = $"{bare},{first}";
        return Says(first);
    }

    private SaslAuthenticateResponse Verify(string message)
    {
        var proofAt = message.IndexOf(",p=", StringComparison.Ordinal);
        var signed = $"{_exchanged},{message[..proofAt]}";
        var salted = Rfc2898DeriveBytes.Pbkdf2(password, _salt, Iterations, Hash, Hash == HashAlgorithmName.SHA256 ? 32 : 64);
        var storedKey = CryptographicOperations.HashData(Hash, Hmac(salted, "Client Key"));
        var clientKey = Convert.FromBase64String(message[(proofAt + 3)..])
            .Zip(Hmac(storedKey, signed), (left, right) => (byte)(left ^ right)).ToArray();
        var isRight = message.StartsWith($"c=biws,r={_nonce},", StringComparison.Ordinal)
            && CryptographicOperations.HashData(Hash, clientKey).SequenceEqual(storedKey);
        return EndWith(isRight, $"v={Convert.ToBase64String(Hmac(Hmac(salted, "Server Key"), signed))}");
    }

    private HashAlgorithmName Hash => _mechanism == "SCRAM-SHA-256" ? HashAlgorithmName.SHA256 : HashAlgorithmName.SHA512;

    private byte[] Hmac(byte[] key, string text) => CryptographicOperations.HmacData(Hash, key, Encoding.UTF8.GetBytes(text));

    private SaslAuthenticateResponse EndWith(bool isRight, string last = "")
    {
        IsDone = isRight;
        return isRight
            ? Says(last)
            : new() { ErrorCode = ErrorCode.SaslAuthenticationFailed, ErrorMessage = "Authentication failed", AuthBytes = Array.Empty<byte>() };
    }

    private static SaslAuthenticateResponse Says(string text) => new() { AuthBytes = Encoding.UTF8.GetBytes(text) };
}

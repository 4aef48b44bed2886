using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace SchemaStream.Registry.Security.Identities;

/// <summary>JSON web tokens (RFC 7519) that are signed with one key: HS256 with a secret, RS256 with an RSA key.</summary>
/// <remarks>
/// The key says the algorithm, the token's header only has to agree: a token that names none, or would have an RSA key
/// taken for a secret, is refused. It has to end (<c>exp</c>) and to name someone (<c>sub</c>).
/// </remarks>
public sealed class JwtVerifier
{
    private const int LongestToken = 8192;
    private const int DeepestToken = 16;
    private const int SmallestSecretBytes = 32;
    private const int SmallestRsaBits = 2048;
    private const int MostRoles = 256;

    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = DeepestToken };

    private readonly byte[]? _secret;
    private readonly RSA? _rsa;
    private readonly JwtOptions _options;
    private readonly TimeProvider _time;

    private JwtVerifier(byte[]? secret, RSA? rsa, JwtOptions options, TimeProvider time)
    {
        _secret = secret;
        _rsa = rsa;
        _options = options;
        _time = time;
    }

    /// <exception cref="FormatException">It is neither an RSA key nor a secret that is long enough.</exception>
    public static JwtVerifier Load(string path, JwtOptions options, TimeProvider time) => Parse(SecretLines.Read(path), options, time);

    /// <param name="key">An RSA public key as PEM, or a secret.</param>
    /// <param name="options">What else is asked of a token.</param>
    /// <param name="time">What says whether it has ended.</param>
    /// <exception cref="FormatException">It is neither.</exception>
    public static JwtVerifier Parse(string key, JwtOptions options, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(key);
        if (key.Contains("-----BEGIN", StringComparison.Ordinal))
        {
            var rsa = RSA.Create();
            try
            {
                rsa.ImportFromPem(key);
            }
            catch (Exception unreadable) when (unreadable is ArgumentException or CryptographicException)
            {
                throw new FormatException($"there is no RSA key in it: {unreadable.Message}", unreadable);
            }

            return rsa.KeySize >= SmallestRsaBits
                ? new JwtVerifier(null, rsa, options, time)
                : throw new FormatException($"an RSA key has at least {SmallestRsaBits} bits");
        }

        var secret = Encoding.UTF8.GetBytes(key.Trim());
        return secret.Length >= SmallestSecretBytes
            ? new JwtVerifier(secret, null, options, time)
            : throw new FormatException($"a secret has at least {SmallestSecretBytes} bytes");
    }

    /// <summary>Whom the token names; null where it is no good.</summary>
    public Caller? Find(string token)
    {
        ArgumentNullException.ThrowIfNull(token);
        if (token.Length > LongestToken || token.Split('.') is not [var header, var payload, var signature])
        {
            return null;
        }

        try
        {
            return IsSigned(header, payload, signature) ? Read(payload) : null;
        }
        catch (Exception malformed) when (malformed is FormatException or JsonException or InvalidOperationException or KeyNotFoundException)
        {
            return null; // Base64 that is none, JSON that is none, or a claim of another kind: as good as no token.
        }
    }

    private bool IsSigned(string header, string payload, string signature)
    {
        using var read = JsonDocument.Parse(Base64Url.DecodeFromChars(header), Strict);
        if (read.RootElement.GetProperty("alg").GetString() != (_rsa is null ? "HS256" : "RS256")
            || read.RootElement.TryGetProperty("crit", out _))
        {
            return false;
        }

        var signed = Encoding.ASCII.GetBytes($"{header}.{payload}");
        var bytes = Base64Url.DecodeFromChars(signature);
        if (_rsa is null)
        {
            return CryptographicOperations.FixedTimeEquals(HMACSHA256.HashData(_secret!, signed), bytes);
        }

        lock (_rsa)
        {
            return _rsa.VerifyData(signed, bytes, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        }
    }

    private Caller? Read(string payload)
    {
        using var read = JsonDocument.Parse(Base64Url.DecodeFromChars(payload), Strict);
        var claims = read.RootElement;
        var now = _time.GetUtcNow();
        if (!claims.TryGetProperty("exp", out var end)
            || now >= Time(end) + _options.ClockSkew
            || (claims.TryGetProperty("nbf", out var start) && now < Time(start) - _options.ClockSkew)
            || (_options.Issuer is { } issuer && !(claims.TryGetProperty("iss", out var from) && from.GetString() == issuer))
            || (_options.Audience is { } audience && !(claims.TryGetProperty("aud", out var to) && IsFor(to, audience)))
            || !claims.TryGetProperty("sub", out var name)
            || name.GetString() is not { Length: > 0 } subject)
        {
            return null;
        }

        return new Caller(subject, claims.TryGetProperty(_options.RolesClaim, out var roles) ? Roles(roles) : []);
    }

    /// <summary>Seconds since 1970, of which those that no calendar has are refused.</summary>
    private static DateTimeOffset Time(JsonElement claim) =>
        claim.GetDouble() is var seconds && seconds is >= 0 and < 200_000_000_000
            ? DateTimeOffset.UnixEpoch.AddSeconds(seconds)
            : throw new FormatException("not a time");

    private static bool IsFor(JsonElement claim, string audience) => claim.ValueKind == JsonValueKind.Array
        ? claim.EnumerateArray().Any(one => one.GetString() == audience)
        : claim.GetString() == audience;

    private static string[] Roles(JsonElement claim) => claim.ValueKind == JsonValueKind.Array
        ? [.. claim.EnumerateArray().Take(MostRoles).Select(role => role.GetString() ?? "")]
        : SecretLines.Names(claim.GetString() ?? "");
}

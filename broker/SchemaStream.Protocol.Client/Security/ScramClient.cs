using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace SchemaStream.Protocol.Client.Security;

/// <summary>The client's side of SCRAM (RFC 5802), message by message. Does no I/O and takes its nonce as an argument.</summary>
public sealed class ScramClient
{
    /// <summary>More would let a hostile server keep this machine busy.</summary>
    private const int MostIterations = 1_000_000;

    private const int FewestIterations = 4096;
    private const string NoChannelBinding = "n,,";

    private readonly SaslOptions _options;
    private readonly HashAlgorithmName _hash;
    private readonly string _nonce;
    private readonly string _bare;
    private byte[] _serverSignature = [];

    public ScramClient(SaslOptions options, string nonce)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
        _nonce = nonce;
        _hash = options.Mechanism switch
        {
            SaslMechanism.ScramSha256 => HashAlgorithmName.SHA256,
            SaslMechanism.ScramSha512 => HashAlgorithmName.SHA512,
            _ => throw new ArgumentException($"{options.Mechanism} is no SCRAM mechanism.", nameof(options)),
        };
        var name = options.Username.Replace("=", "=3D", StringComparison.Ordinal).Replace(",", "=2C", StringComparison.Ordinal);
        _bare = $"n={name},r={nonce}";
    }

    public byte[] First => Encoding.UTF8.GetBytes(NoChannelBinding + _bare);

    public static string NameOf(SaslMechanism mechanism) => mechanism switch
    {
        SaslMechanism.Plain => "PLAIN",
        SaslMechanism.ScramSha256 => "SCRAM-SHA-256",
        _ => "SCRAM-SHA-512",
    };

    /// <summary>The proof, in answer to the server's first message.</summary>
    /// <exception cref="KafkaAuthenticationException">The message is not what SCRAM allows.</exception>
    public byte[] Prove(ReadOnlySpan<byte> serverFirst)
    {
        var message = Encoding.UTF8.GetString(serverFirst);
        var fields = Fields(message);
        var nonce = Require(fields, 'r', message);
        if (!nonce.StartsWith(_nonce, StringComparison.Ordinal) || nonce.Length == _nonce.Length)
        {
            throw new KafkaAuthenticationException("The broker's SCRAM nonce does not continue the client's.");
        }

        if (!int.TryParse(Require(fields, 'i', message), NumberStyles.None, CultureInfo.InvariantCulture, out var iterations)
            || iterations is < FewestIterations or > MostIterations)
        {
            throw new KafkaAuthenticationException(
                $"The broker's SCRAM iterations are not between {FewestIterations} and {MostIterations}.");
        }

        var salt = FromBase64(Require(fields, 's', message));
        var size = _hash == HashAlgorithmName.SHA256 ? SHA256.HashSizeInBytes : SHA512.HashSizeInBytes;
        var salted = Rfc2898DeriveBytes.Pbkdf2(Encoding.UTF8.GetBytes(_options.Password), salt, iterations, _hash, size);
        var clientKey = Hmac(salted, "Client Key");
        var storedKey = _hash == HashAlgorithmName.SHA256 ? SHA256.HashData(clientKey) : SHA512.HashData(clientKey);
        var withoutProof = $"c={Convert.ToBase64String(Encoding.UTF8.GetBytes(NoChannelBinding))},r={nonce}";
        var signed = $"{_bare},{message},{withoutProof}";
        var proof = Hmac(storedKey, signed);
        for (var i = 0; i < proof.Length; i++)
        {
            proof[i] ^= clientKey[i];
        }

        _serverSignature = Hmac(Hmac(salted, "Server Key"), signed);
        return Encoding.UTF8.GetBytes($"{withoutProof},p={Convert.ToBase64String(proof)}");
    }

    /// <summary>Checks that the server knows the secret as well.</summary>
    /// <exception cref="KafkaAuthenticationException">It does not, or it refused the proof.</exception>
    public void Verify(ReadOnlySpan<byte> serverFinal)
    {
        var message = Encoding.UTF8.GetString(serverFinal);
        var fields = Fields(message);
        if (fields.TryGetValue('e', out var error))
        {
            throw new KafkaAuthenticationException($"The broker refused {_options}: {error}");
        }

        if (_serverSignature.Length == 0
            || !CryptographicOperations.FixedTimeEquals(FromBase64(Require(fields, 'v', message)), _serverSignature))
        {
            throw new KafkaAuthenticationException("The broker does not know the secret: its SCRAM signature is wrong.");
        }
    }

    private static Dictionary<char, string> Fields(string message)
    {
        var fields = new Dictionary<char, string>();
        foreach (var field in message.Split(','))
        {
            if (field.Length >= 2 && field[1] == '=')
            {
                fields[field[0]] = field[2..];
            }
        }

        return fields;
    }

    private static string Require(Dictionary<char, string> fields, char name, string message) =>
        fields.TryGetValue(name, out var value)
            ? value
            : throw new KafkaAuthenticationException($"The broker's SCRAM message lacks '{name}': {message}");

    private static byte[] FromBase64(string text)
    {
        try
        {
            return Convert.FromBase64String(text);
        }
        catch (FormatException malformed)
        {
            throw new KafkaAuthenticationException("The broker's SCRAM message is not base64 where it has to be.", malformed);
        }
    }

    private byte[] Hmac(byte[] key, string text) => Hmac(key, Encoding.UTF8.GetBytes(text));

    private byte[] Hmac(byte[] key, byte[] data) =>
        _hash == HashAlgorithmName.SHA256 ? HMACSHA256.HashData(key, data) : HMACSHA512.HashData(key, data);
}

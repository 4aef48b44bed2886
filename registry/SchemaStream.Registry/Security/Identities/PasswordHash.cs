using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace SchemaStream.Registry.Security.Identities;

/// <summary>A password as a file keeps it: <c>pbkdf2-sha256$ITERATIONS$SALT$HASH</c>, salt and hash in base64.</summary>
public sealed class PasswordHash
{
    private const string Scheme = "pbkdf2-sha256";
    private const int StandardIterations = 210_000;
    private const int FewestIterations = 1_000;
    private const int MostIterations = 5_000_000;
    private const int SaltBytes = 16;

    private readonly int _iterations;
    private readonly byte[] _salt;
    private readonly byte[] _hash;

    private PasswordHash(int iterations, byte[] salt, byte[] hash)
    {
        _iterations = iterations;
        _salt = salt;
        _hash = hash;
    }

    /// <summary>That no password has: a name that no one has must take as long to refuse as a wrong password.</summary>
    public static PasswordHash OfNobody { get; } =
        new(StandardIterations, new byte[SaltBytes], RandomNumberGenerator.GetBytes(SHA256.HashSizeInBytes));

    /// <summary>As a line of the file has it.</summary>
    public static PasswordHash Make(string password, int iterations = StandardIterations)
    {
        var salt = RandomNumberGenerator.GetBytes(SaltBytes);
        return new PasswordHash(iterations, salt, Derive(password, salt, iterations));
    }

    /// <exception cref="FormatException">It is no hash.</exception>
    public static PasswordHash Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.Split('$') is not [Scheme, var iterations, var salt, var hash]
            || !int.TryParse(iterations, NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            || count is < FewestIterations or > MostIterations)
        {
            throw new FormatException($"a password's hash is {Scheme}$ITERATIONS$SALT$HASH, with {FewestIterations} to {MostIterations} iterations");
        }

        var bytes = Convert.FromBase64String(hash);
        return bytes.Length == SHA256.HashSizeInBytes
            ? new PasswordHash(count, Convert.FromBase64String(salt), bytes)
            : throw new FormatException($"a password's hash has {SHA256.HashSizeInBytes} bytes");
    }

    public bool IsOf(string password) => CryptographicOperations.FixedTimeEquals(Derive(password, _salt, _iterations), _hash);

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{Scheme}${_iterations}${Convert.ToBase64String(_salt)}${Convert.ToBase64String(_hash)}");

    private static byte[] Derive(string password, byte[] salt, int iterations) => Rfc2898DeriveBytes.Pbkdf2(
        Encoding.UTF8.GetBytes(password), salt, iterations, HashAlgorithmName.SHA256, SHA256.HashSizeInBytes);
}

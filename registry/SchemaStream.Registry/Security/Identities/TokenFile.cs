using System.Security.Cryptography;
using System.Text;

namespace SchemaStream.Registry.Security.Identities;

/// <summary>Bearer tokens that do not end, a line each: <c>SHA-256-IN-HEX:NAME:ROLE,ROLE</c>. The file does not hold the tokens themselves.</summary>
public sealed class TokenFile
{
    private readonly Dictionary<string, Caller> _callers;

    private TokenFile(Dictionary<string, Caller> callers) => _callers = callers;

    /// <exception cref="FormatException">A line cannot be read; the message has its number.</exception>
    public static TokenFile Load(string path) => Parse(SecretLines.Read(path));

    /// <exception cref="FormatException">A line cannot be read; the message has its number.</exception>
    public static TokenFile Parse(string text)
    {
        var callers = new Dictionary<string, Caller>(StringComparer.Ordinal);
        foreach (var (number, line) in SecretLines.Of(text))
        {
            var parts = line.Split(':');
            if (parts.Length is not (2 or 3)
                || parts[0].Length != SHA256.HashSizeInBytes * 2
                || !parts[0].All(char.IsAsciiHexDigit)
                || parts[1].Length == 0)
            {
                throw new FormatException($"line {number} is not SHA-256-IN-HEX:NAME:ROLE,…");
            }

            var caller = new Caller(parts[1], parts.Length > 2 ? SecretLines.Names(parts[2]) : []);
            if (!callers.TryAdd(parts[0].ToUpperInvariant(), caller))
            {
                throw new FormatException($"line {number}: this token is in the file already");
            }
        }

        return new TokenFile(callers);
    }

    /// <summary>Whose token it is; null for nobody's. Tokens are compared by their digests, whose timing tells nothing.</summary>
    public Caller? Find(string token) =>
        _callers.GetValueOrDefault(Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(token))));
}

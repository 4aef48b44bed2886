using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;

namespace SchemaStream.Registry.Security.Identities;

/// <summary>Users with passwords, a line each: <c>NAME:HASH:ROLE,ROLE</c>.</summary>
/// <remarks>
/// Deriving takes tens of milliseconds on purpose. So who was right once is known again by a digest keyed with bytes of this
/// process alone, and only so many are derived at once as there are processors: guessing cannot starve the others.
/// </remarks>
public sealed class UserFile
{
    private const int MostRemembered = 10_000;
    private const int LongestPassword = 1024;

    private static readonly SemaphoreSlim Derivations = new(Math.Max(1, Environment.ProcessorCount / 2));

    private readonly Dictionary<string, (PasswordHash Hash, Caller Caller)> _users;
    private readonly ConcurrentDictionary<string, Caller> _known = new(StringComparer.Ordinal);
    private readonly byte[] _key = RandomNumberGenerator.GetBytes(32);

    private UserFile(Dictionary<string, (PasswordHash Hash, Caller Caller)> users) => _users = users;

    /// <exception cref="FormatException">A line cannot be read; the message has its number.</exception>
    public static UserFile Load(string path) => Parse(SecretLines.Read(path));

    /// <exception cref="FormatException">A line cannot be read; the message has its number.</exception>
    public static UserFile Parse(string text)
    {
        var users = new Dictionary<string, (PasswordHash, Caller)>(StringComparer.Ordinal);
        foreach (var (number, line) in SecretLines.Of(text))
        {
            if (line.Split(':') is not ([{ Length: > 0 }, _] or [{ Length: > 0 }, _, _]))
            {
                throw new FormatException($"line {number} is not NAME:HASH:ROLE,…");
            }

            var parts = line.Split(':');
            try
            {
                var roles = parts.Length > 2 ? SecretLines.Names(parts[2]) : [];
                if (!users.TryAdd(parts[0], (PasswordHash.Parse(parts[1]), new Caller(parts[0], roles))))
                {
                    throw new FormatException("this user is in the file already");
                }
            }
            catch (FormatException wrong)
            {
                throw new FormatException($"line {number}: {wrong.Message}", wrong);
            }
        }

        return new UserFile(users);
    }

    /// <summary>Whose name and password these are; null for nobody's.</summary>
    public async ValueTask<Caller?> FindAsync(string name, string password, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(password);
        if (password.Length > LongestPassword)
        {
            return null;
        }

        var digest = Convert.ToBase64String(HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes($"{name.Length}:{name}{password}")));
        if (_known.TryGetValue(digest, out var known))
        {
            return known;
        }

        var isUser = _users.TryGetValue(name, out var user);
        await Derivations.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var hash = isUser ? user.Hash : PasswordHash.OfNobody;
            if (!await Task.Run(() => hash.IsOf(password), CancellationToken.None).ConfigureAwait(false) || !isUser)
            {
                return null;
            }
        }
        finally
        {
            Derivations.Release();
        }

        if (_known.Count < MostRemembered)
        {
            _known.TryAdd(digest, user.Caller);
        }

        return user.Caller;
    }
}

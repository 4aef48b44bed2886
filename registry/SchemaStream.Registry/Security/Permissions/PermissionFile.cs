using SchemaStream.Registry.Security.Identities;

namespace SchemaStream.Registry.Security.Permissions;

/// <summary>Who may do what with which subjects, a line each: <c>WHO PREFIX PERMISSION,PERMISSION</c>.</summary>
/// <remarks>
/// WHO is a name, <c>@role</c> or <c>*</c> for everyone who is known. PREFIX is how a subject's name begins, with its
/// context (<c>:.ctx:</c>) unless that is the default one; <c>*</c> is every subject of every context, and what is about
/// none. Nothing is forbidden by a line: what no line allows is not allowed.
/// </remarks>
public sealed class PermissionFile
{
    /// <summary>What no subject's name begins with: asked for where a request is about everything.</summary>
    public const string Everything = "\0";

    private readonly List<Line> _lines;

    private PermissionFile(List<Line> lines) => _lines = lines;

    /// <exception cref="FormatException">A line cannot be read; the message has its number.</exception>
    public static PermissionFile Load(string path) => Parse(SecretLines.Read(path));

    /// <exception cref="FormatException">A line cannot be read; the message has its number.</exception>
    public static PermissionFile Parse(string text)
    {
        var lines = new List<Line>();
        foreach (var (number, line) in SecretLines.Of(text))
        {
            var words = line.Split([' ', '\t'], 3, StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
            if (words.Length != 3)
            {
                throw new FormatException($"line {number} is not WHO PREFIX PERMISSION,…");
            }

            lines.Add(new Line(words[0], words[1], Read(words[2], number)));
        }

        return new PermissionFile(lines);
    }

    /// <summary>Whether some line allows it to the caller.</summary>
    /// <param name="caller">Who asks.</param>
    /// <param name="needed">For what.</param>
    /// <param name="subject">A subject's name, how names begin, or <see cref="Everything"/>.</param>
    public bool Allows(Caller caller, Permission needed, string subject)
    {
        foreach (var line in _lines)
        {
            if ((line.Permissions & (needed | Permission.Admin)) != Permission.None
                && (line.Prefix == "*" || subject.StartsWith(line.Prefix, StringComparison.Ordinal))
                && IsOf(line.Who, caller))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsOf(string who, Caller caller) =>
        who == "*" || (who[0] == '@' ? caller.Roles.Contains(who[1..]) : who == caller.Name);

    private static Permission Read(string words, int number)
    {
        var permissions = Permission.None;
        foreach (var word in SecretLines.Names(words))
        {
            permissions |= word.ToUpperInvariant() switch
            {
                "READ" => Permission.Read,
                "WRITE" => Permission.Write,
                "DELETE" => Permission.Delete,
                "COMPATIBILITY" => Permission.Compatibility,
                "ADMIN" => Permission.Admin,
                _ => throw new FormatException($"line {number}: '{word}' is not one of read, write, delete, compatibility, admin"),
            };
        }

        return permissions;
    }

    private sealed record Line(string Who, string Prefix, Permission Permissions);
}

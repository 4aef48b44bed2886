
namespace SchemaStream.Cli.Up;

/// <summary>A directory that is there as long as a process is: it is deleted with it, or by the next one's start.</summary>
/// <remarks>
/// Its owner holds a lock on a file in it, which the system lets go of however a process ends. So a directory whose lock is
/// free is a left-over, whoever has its owner's process id today.
/// </remarks>
internal sealed class EphemeralDirectory : IDisposable
{
    /// <summary>What such directories' names begin with.</summary>
    public const string Prefix = "schemastream-ephemeral-";

    private const string LockFile = "owner.lock";
    private const int Tries = 5;

    private readonly FileStream _lock;

    private EphemeralDirectory(DirectoryInfo directory, FileStream held)
    {
        Directory = directory;
        _lock = held;
    }

    public DirectoryInfo Directory { get; }

    /// <summary>Makes one in a directory for temporary files, where left-overs are deleted first.</summary>
    /// <param name="place">The directory; null: the system's.</param>
    /// <param name="warnings">Told of left-overs.</param>
    /// <exception cref="IOException">None can be made there.</exception>
    public static EphemeralDirectory Create(string? place, TextWriter warnings)
    {
        place ??= Path.GetTempPath();
        DeleteLeftOvers(place, warnings);
        for (var tries = 1; ; tries++)
        {
            var made = MakeIn(place);
            try
            {
                return new EphemeralDirectory(made, Hold(made, FileMode.CreateNew));
            }
            catch (IOException) when (tries < Tries)
            {
                // Another start looked at it between the file and its lock, and took it for a left-over.
            }
        }
    }

    /// <summary>Deletes it with all that is in it; says so where that cannot be.</summary>
    public void Delete(TextWriter warnings)
    {
        _lock.Dispose();
        if (Delete(Directory) is { } failure)
        {
            warnings.WriteLine($"schemastream up: {Directory.FullName} could not be deleted: {failure.Message}; the next --ephemeral tries again");
        }
    }

    /// <summary>Lets it go. It stays where it was not deleted before, for the next start to delete.</summary>
    public void Dispose() => _lock.Dispose();

    private static DirectoryInfo MakeIn(string place)
    {
        var path = Path.Combine(place, Prefix + Guid.NewGuid().ToString("N")[..12]);
        return OperatingSystem.IsWindows()
            ? System.IO.Directory.CreateDirectory(path)
            : System.IO.Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    private static void DeleteLeftOvers(string place, TextWriter warnings)
    {
        foreach (var directory in new DirectoryInfo(place).EnumerateDirectories(Prefix + "*"))
        {
            if (directory.LinkTarget is null && IsLeftOver(directory) && Delete(directory) is null)
            {
                warnings.WriteLine($"schemastream up: deleted {directory.FullName}, which a process that was killed left behind");
            }
        }
    }

    /// <summary>Whether its lock can be taken. One without a lock is just being made, or is none of ours.</summary>
    private static bool IsLeftOver(DirectoryInfo directory)
    {
        try
        {
            Hold(directory, FileMode.Open).Dispose();
            return true;
        }
        catch (Exception held) when (held is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static FileStream Hold(DirectoryInfo directory, FileMode mode) =>
        new(Path.Combine(directory.FullName, LockFile), mode, FileAccess.ReadWrite, FileShare.None);

    private static Exception? Delete(DirectoryInfo directory)
    {
        try
        {
            directory.Delete(recursive: true);
            return null;
        }
        catch (DirectoryNotFoundException)
        {
            return null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return failure;
        }
    }
}

using System.Runtime.InteropServices;

namespace SchemaStream.Broker.Storage.Files;

/// <summary>A directory of the real disk.</summary>
public sealed partial class FileLogDirectory : ILogDirectory
{
    public FileLogDirectory(string path)
    {
        Path = System.IO.Path.GetFullPath(path);
        Name = System.IO.Path.GetFileName(System.IO.Path.TrimEndingDirectorySeparator(Path));
        Try("create", Path, static path => System.IO.Directory.CreateDirectory(path));
    }

    public string Path { get; }

    public string Name { get; }

    public IReadOnlyList<string> ListFiles() =>
        Try("list", Path, static path => (string[])
            [.. System.IO.Directory.EnumerateFiles(path).Select(file => System.IO.Path.GetFileName(file))]);

    public IReadOnlyList<string> ListDirectories() =>
        Try("list", Path, static path => (string[])
            [.. System.IO.Directory.EnumerateDirectories(path).Select(file => System.IO.Path.GetFileName(file))]);

    public bool Exists(string name) => File.Exists(Combine(name)) || System.IO.Directory.Exists(Combine(name));

    public long LengthOf(string name) => Try("measure", Combine(name), static path =>
    {
        var file = new FileInfo(path);
        return file.Exists ? file.Length : 0;
    });

    public long LastWriteMs(string name) => Try("look at", Combine(name), static path =>
        File.Exists(path) ? new DateTimeOffset(File.GetLastWriteTimeUtc(path)).ToUnixTimeMilliseconds() : 0);

    public ILogFile Open(string name) => Try("open", Combine(name), static path => new FileLogFile(path));

    public ILogDirectory Directory(string name) => new FileLogDirectory(Combine(name));

    public void Delete(string name) => Try("delete", Combine(name), static path =>
    {
        File.Delete(path);
        return true;
    });

    public void DeleteDirectory(string name) => Try("delete", Combine(name), static path =>
    {
        if (System.IO.Directory.Exists(path))
        {
            System.IO.Directory.Delete(path, recursive: true);
        }

        return true;
    });

    public void Rename(string name, string newName)
    {
        var target = Combine(newName);
        Try("rename", Combine(name), path =>
        {
            if (System.IO.Directory.Exists(path))
            {
                System.IO.Directory.Move(path, target);
            }
            else
            {
                File.Move(path, target, overwrite: true);
            }

            return true;
        });
    }

    public void Sync()
    {
        // Windows keeps names durable with the files themselves and cannot sync a directory.
        if (!OperatingSystem.IsWindows())
        {
            SyncDirectory();
        }
    }

    public IDisposable Lock(string name) => Try("lock", Combine(name), static path =>
        new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 1));

    private static T Try<T>(string operation, string path, Func<string, T> action)
    {
        try
        {
            return action(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new LogStorageException(operation, path, e);
        }
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int OpenForReading(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SyncDescriptor(int descriptor);

    [LibraryImport("libc", EntryPoint = "close")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int CloseDescriptor(int descriptor);

    private void SyncDirectory()
    {
        var descriptor = OpenForReading(Path, flags: 0);
        if (descriptor < 0)
        {
            throw new LogStorageException("open", Path, Marshal.GetLastPInvokeErrorMessage());
        }

        var result = SyncDescriptor(descriptor);
        var reason = result < 0 ? Marshal.GetLastPInvokeErrorMessage() : null;
        _ = CloseDescriptor(descriptor);
        if (reason is not null)
        {
            throw new LogStorageException("sync", Path, reason);
        }
    }

    private string Combine(string name) => System.IO.Path.Combine(Path, name);
}

using SchemaStream.Broker.Storage.Files;

namespace SchemaStream.Broker.Storage.Simulation;

/// <summary>What a simulated disk is about to do; a fault thrown or chosen here is what the caller of the disk meets.</summary>
public enum DiskOperation
{
    Read = 0,
    Write = 1,
    Truncate = 2,
    Flush = 3,
    Open = 4,
    Rename = 5,
    Delete = 6,
    SyncDirectory = 7,
}

/// <summary>
/// A disk in memory that can run full, write short, refuse and lose what was not synced. Names are durable once their
/// directory was synced, contents once their file was flushed. Files may be synced on one thread while others use the disk.
/// </summary>
public sealed class MemoryDisk
{
    private readonly System.Threading.Lock _gate = new();
    private readonly Dictionary<string, MemoryFile> _files = new(StringComparer.Ordinal);
    private readonly HashSet<string> _directories = new(StringComparer.Ordinal);
    private readonly HashSet<string> _locks = new(StringComparer.Ordinal);
    private Dictionary<string, MemoryFile> _durableNames = new(StringComparer.Ordinal);

    /// <summary>Clock of the simulation, for the files' times.</summary>
    public long NowMs { get; set; }

    /// <summary>Bytes that all files may have together; writing beyond writes what fits and fails.</summary>
    public long CapacityBytes { get; set; } = long.MaxValue;

    /// <summary>Asked before each operation, with the path; a reason makes it fail. Reads may ask from any thread.</summary>
    public Func<DiskOperation, string, string?>? Fault { get; set; }

    /// <summary>With a <see cref="Fault"/> on a write: the bytes that get through before it.</summary>
    public int ShortWriteBytes { get; set; }

    /// <summary>How often each operation was asked for; tests count on it.</summary>
    public IDictionary<DiskOperation, int> Operations { get; } = new Dictionary<DiskOperation, int>();

    private long UsedBytes => _files.Values.Sum(file => file.Length);

    public MemoryLogDirectory Directory(string name)
    {
        CreateDirectory("/" + name);
        return new MemoryLogDirectory(this, "/" + name);
    }

    /// <summary>
    /// Loses power: names fall back to what was synced, contents to what was flushed, with torn writes in between.
    /// Files that are open stay readable to those who have them, as no one is left to read them.
    /// </summary>
    public void LosePower(Random random)
    {
        _files.Clear();
        foreach (var (path, file) in _durableNames.OrderBy(entry => entry.Key, StringComparer.Ordinal))
        {
            file.LosePower(random);
            _files[path] = file;
        }

        _locks.Clear();
    }

    /// <summary>The process is gone, the machine is not: everything written is there, only locks are free.</summary>
    public void KillProcess() => _locks.Clear();

    internal IReadOnlyList<string> ListFiles(string path)
    {
        lock (_gate)
        {
            return [.. _files.Keys.Where(file => ParentOf(file) == path).Select(NameOf).Order(StringComparer.Ordinal)];
        }
    }

    internal IReadOnlyList<string> ListDirectories(string path)
    {
        lock (_gate)
        {
            return [.. _directories.Where(directory => ParentOf(directory) == path).Select(NameOf).Order(StringComparer.Ordinal)];
        }
    }

    internal bool Exists(string path)
    {
        lock (_gate)
        {
            return _files.ContainsKey(path) || _directories.Contains(path);
        }
    }

    internal MemoryFile? Find(string path)
    {
        lock (_gate)
        {
            return _files.GetValueOrDefault(path);
        }
    }

    internal MemoryLogFile Open(string path)
    {
        Ask(DiskOperation.Open, "open", path);
        lock (_gate)
        {
            if (!_files.TryGetValue(path, out var file))
            {
                file = new MemoryFile { LastWriteMs = NowMs };
                _files.Add(path, file);
            }

            return new MemoryLogFile(this, path, file);
        }
    }

    internal void CreateDirectory(string path)
    {
        lock (_gate)
        {
            _directories.Add(path);
        }
    }

    internal void Truncate(MemoryFile file, string path, long length)
    {
        Ask(DiskOperation.Truncate, "truncate", path);
        lock (_gate)
        {
            file.Truncate(length);
        }
    }

    internal void Flush(MemoryFile file, string path)
    {
        Ask(DiskOperation.Flush, "flush", path);
        lock (_gate)
        {
            file.Flush();
        }
    }

    internal void Delete(string path)
    {
        Ask(DiskOperation.Delete, "delete", path);
        lock (_gate)
        {
            _files.Remove(path);
        }
    }

    internal void DeleteDirectory(string path)
    {
        Ask(DiskOperation.Delete, "delete", path);
        lock (_gate)
        {
            var inside = path + "/";
            foreach (var file in _files.Keys.Where(file => file.StartsWith(inside, StringComparison.Ordinal)).ToList())
            {
                _files.Remove(file);
                _durableNames.Remove(file);
            }

            _directories.RemoveWhere(name => name == path || name.StartsWith(inside, StringComparison.Ordinal));
        }
    }

    internal void Rename(string path, string newPath)
    {
        Ask(DiskOperation.Rename, "rename", path);
        lock (_gate)
        {
            if (_files.Remove(path, out var file))
            {
                _files[newPath] = file;
                return;
            }

            if (!_directories.Remove(path))
            {
                throw new LogStorageException("rename", path, "it does not exist");
            }

            _directories.Add(newPath);
            Move(_files, path + "/", newPath + "/");
            Move(_durableNames, path + "/", newPath + "/");
        }
    }

    internal void SyncDirectory(string path)
    {
        Ask(DiskOperation.SyncDirectory, "sync", path);
        lock (_gate)
        {
            var durable = new Dictionary<string, MemoryFile>(_durableNames.Where(entry => ParentOf(entry.Key) != path));
            foreach (var (name, file) in _files.Where(entry => ParentOf(entry.Key) == path))
            {
                durable[name] = file;
            }

            _durableNames = durable;
        }
    }

    internal IDisposable Lock(string path) => _locks.Add(path)
        ? new HeldLock(this, path)
        : throw new LogStorageException("lock", path, "another process has it");

    internal void Ask(DiskOperation operation, string verb, string path)
    {
        if (operation != DiskOperation.Read)
        {
            lock (_gate)
            {
                Operations[operation] = Operations.TryGetValue(operation, out var count) ? count + 1 : 1;
            }
        }

        if (Fault?.Invoke(operation, path) is { } reason)
        {
            throw new LogStorageException(verb, path, reason);
        }
    }

    internal void Write(MemoryFile file, string path, long position, ReadOnlySpan<byte> source)
    {
        try
        {
            Ask(DiskOperation.Write, "write to", path);
        }
        catch (LogStorageException)
        {
            lock (_gate)
            {
                file.Write(position, source[..Math.Min(ShortWriteBytes, source.Length)]);
            }

            throw;
        }

        lock (_gate)
        {
            file.LastWriteMs = NowMs;
            var growth = Math.Max(0, position + source.Length - file.Length);
            if (growth > 0 && CapacityBytes < long.MaxValue && UsedBytes + growth > CapacityBytes)
            {
                var fits = (int)Math.Clamp(CapacityBytes - UsedBytes, 0, source.Length);
                file.Write(position, source[..fits]);
                throw new LogStorageException("write to", path, "no space left on device");
            }

            file.Write(position, source);
        }
    }

    private static string ParentOf(string path) => path[..path.LastIndexOf('/')];

    private static string NameOf(string path) => path[(path.LastIndexOf('/') + 1)..];

    private static void Move(Dictionary<string, MemoryFile> files, string from, string to)
    {
        foreach (var path in files.Keys.Where(path => path.StartsWith(from, StringComparison.Ordinal)).ToList())
        {
            files.Remove(path, out var file);
            files[to + path[from.Length..]] = file!;
        }
    }

    private sealed class HeldLock(MemoryDisk disk, string path) : IDisposable
    {
        public void Dispose() => disk._locks.Remove(path);
    }
}

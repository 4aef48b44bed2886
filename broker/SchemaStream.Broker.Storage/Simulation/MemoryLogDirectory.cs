using SchemaStream.Broker.Storage.Files;

namespace SchemaStream.Broker.Storage.Simulation;

/// <summary>
/// A directory of a <see cref="MemoryDisk"/>: behaves as a real one does, loss of power and full disk included. For
/// simulation; nothing of it survives the process.
/// </summary>
public sealed class MemoryLogDirectory : ILogDirectory
{
    private readonly MemoryDisk _disk;

    internal MemoryLogDirectory(MemoryDisk disk, string path)
    {
        _disk = disk;
        Path = path;
    }

    public string Path { get; }

    public string Name => Path[(Path.LastIndexOf('/') + 1)..];

    public IReadOnlyList<string> ListFiles() => _disk.ListFiles(Path);

    public IReadOnlyList<string> ListDirectories() => _disk.ListDirectories(Path);

    public bool Exists(string name) => _disk.Exists(Combine(name));

    public long LengthOf(string name) => _disk.Find(Combine(name))?.Length ?? 0;

    public long LastWriteMs(string name) => _disk.Find(Combine(name))?.LastWriteMs ?? 0;

    public ILogFile Open(string name) => _disk.Open(Combine(name));

    public ILogDirectory Directory(string name)
    {
        _disk.CreateDirectory(Combine(name));
        return new MemoryLogDirectory(_disk, Combine(name));
    }

    public void Delete(string name) => _disk.Delete(Combine(name));

    public void DeleteDirectory(string name) => _disk.DeleteDirectory(Combine(name));

    public void Rename(string name, string newName) => _disk.Rename(Combine(name), Combine(newName));

    public void Sync() => _disk.SyncDirectory(Path);

    public IDisposable Lock(string name) => _disk.Lock(Combine(name));

    private string Combine(string name) => Path + "/" + name;
}

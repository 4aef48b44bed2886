using SchemaStream.Broker.Storage.Files;

namespace SchemaStream.Broker.Storage.Simulation;

/// <summary>An open file of a simulated disk.</summary>
internal sealed class MemoryLogFile(MemoryDisk disk, string path, MemoryFile file) : ILogFile
{
    private bool _isDisposed;

    public string Path { get; } = path;

    public long Length => file.Length;

    public int Read(long position, Span<byte> destination)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        disk.Ask(DiskOperation.Read, "read", Path);
        return file.Read(position, destination);
    }

    public ValueTask<int> ReadAsync(long position, Memory<byte> destination, CancellationToken cancellationToken) =>
        ValueTask.FromResult(Read(position, destination.Span));

    public void Write(long position, ReadOnlySpan<byte> source)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        disk.Write(file, Path, position, source);
    }

    public void Truncate(long length)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        disk.Truncate(file, Path, length);
    }

    public void Flush()
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        disk.Flush(file, Path);
    }

    public void Dispose() => _isDisposed = true;
}

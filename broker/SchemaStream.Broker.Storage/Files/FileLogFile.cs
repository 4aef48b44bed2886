using Microsoft.Win32.SafeHandles;

namespace SchemaStream.Broker.Storage.Files;

/// <summary>A file of the real disk, by position only: no cursor that two readers could fight over.</summary>
internal sealed class FileLogFile : ILogFile
{
    private readonly SafeFileHandle _handle;

    public FileLogFile(string path)
    {
        Path = path;
        const FileShare share = FileShare.ReadWrite | FileShare.Delete;
        _handle = File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, share);
    }

    public string Path { get; }

    public long Length
    {
        get
        {
            try
            {
                return RandomAccess.GetLength(_handle);
            }
            catch (IOException e)
            {
                throw new LogStorageException("measure", Path, e);
            }
        }
    }

    public int Read(long position, Span<byte> destination)
    {
        try
        {
            var total = 0;
            while (total < destination.Length)
            {
                var read = RandomAccess.Read(_handle, destination[total..], position + total);
                if (read == 0)
                {
                    break;
                }

                total += read;
            }

            return total;
        }
        catch (IOException e)
        {
            throw new LogStorageException("read", Path, e);
        }
    }

    public async ValueTask<int> ReadAsync(long position, Memory<byte> destination, CancellationToken cancellationToken)
    {
        try
        {
            var total = 0;
            while (total < destination.Length)
            {
                var read = await RandomAccess
                    .ReadAsync(_handle, destination[total..], position + total, cancellationToken)
                    .ConfigureAwait(false);
                if (read == 0)
                {
                    break;
                }

                total += read;
            }

            return total;
        }
        catch (IOException e)
        {
            throw new LogStorageException("read", Path, e);
        }
    }

    public void Write(long position, ReadOnlySpan<byte> source)
    {
        try
        {
            RandomAccess.Write(_handle, source, position);
        }
        catch (IOException e)
        {
            throw new LogStorageException("write to", Path, e);
        }
    }

    public void Truncate(long length)
    {
        try
        {
            RandomAccess.SetLength(_handle, length);
        }
        catch (IOException e)
        {
            throw new LogStorageException("truncate", Path, e);
        }
    }

    public void Flush()
    {
        try
        {
            RandomAccess.FlushToDisk(_handle);
        }
        catch (IOException e)
        {
            throw new LogStorageException("flush", Path, e);
        }
    }

    public void Dispose() => _handle.Dispose();
}

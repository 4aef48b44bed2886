namespace SchemaStream.Broker.Storage.Files;

/// <summary>
/// One open file. Reads may come from any thread; writing, truncating and the length belong to the owner's lane.
/// Every failure is a <see cref="LogStorageException"/>.
/// </summary>
public interface ILogFile : IDisposable
{
    string Path { get; }

    long Length { get; }

    /// <summary>Fills <paramref name="destination"/> as far as the file reaches; returns the bytes read.</summary>
    int Read(long position, Span<byte> destination);

    ValueTask<int> ReadAsync(long position, Memory<byte> destination, CancellationToken cancellationToken);

    /// <summary>Writes all bytes or throws; after a throw some of them may be in the file.</summary>
    void Write(long position, ReadOnlySpan<byte> source);

    void Truncate(long length);

    /// <summary>Returns when everything written so far survives a loss of power.</summary>
    void Flush();
}

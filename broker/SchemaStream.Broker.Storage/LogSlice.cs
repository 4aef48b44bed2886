using SchemaStream.Broker.Storage.Files;

namespace SchemaStream.Broker.Storage;

/// <summary>
/// Whole batches of one segment, not read yet. It may be read on any thread, and keeps its file open and readable until
/// it is disposed, even if the segment is deleted meanwhile.
/// </summary>
public sealed class LogSlice : IDisposable
{
    private readonly LogFileHandle? _handle;
    private readonly int _truncations;
    private OpenLogFile? _open;

    internal LogSlice(LogFileHandle handle, long position, int length, long baseOffset, long nextOffset)
    {
        _handle = handle;
        _open = handle.Acquire();
        _truncations = handle.Truncations;
        Position = position;
        Length = length;
        BaseOffset = baseOffset;
        NextOffset = nextOffset;
    }

    private LogSlice(long offset)
    {
        BaseOffset = offset;
        NextOffset = offset;
    }

    /// <summary>Byte in the segment's file at which the first batch begins.</summary>
    public long Position { get; }

    /// <summary>Bytes of all batches together; 0 when there is nothing to read yet.</summary>
    public int Length { get; }

    /// <summary>The offset asked for. The first batch holds it, or begins behind it where compaction left a gap.</summary>
    public long BaseOffset { get; }

    /// <summary>The offset behind the last batch: a reader goes on here.</summary>
    public long NextOffset { get; }

    public bool IsEmpty => Length == 0;

    internal static LogSlice Empty(long offset) => new(offset);

    /// <summary>
    /// Reads the batches into the beginning of <paramref name="destination"/>, which has to hold <see cref="Length"/>
    /// bytes. Returns 0 when the log was truncated since the slice was made: it is stale then, fetch again.
    /// </summary>
    public int Read(Span<byte> destination)
    {
        if (IsEmpty)
        {
            return 0;
        }

        var read = OpenFile().Read(Position, destination[..Length]);
        return IsStale(read) ? 0 : read;
    }

    public async ValueTask<int> ReadAsync(Memory<byte> destination, CancellationToken cancellationToken)
    {
        if (IsEmpty)
        {
            return 0;
        }

        var read = await OpenFile().ReadAsync(Position, destination[..Length], cancellationToken).ConfigureAwait(false);
        return IsStale(read) ? 0 : read;
    }

    public void Dispose() => Interlocked.Exchange(ref _open, null)?.Release();

    private ILogFile OpenFile()
    {
        var open = _open;
        ObjectDisposedException.ThrowIf(open is null, this);
        return open.File;
    }

    private bool IsStale(int read)
    {
        if (_handle!.Truncations != _truncations)
        {
            return true;
        }

        // Bytes below the log end that are not there were taken away behind the broker's back.
        return read == Length
            ? false
            : throw new LogStorageException("read", _handle.Path, $"{Length} bytes at {Position} expected, found {read}");
    }
}

using System.Buffers;
using SchemaStream.Broker.Storage.Files;
using SchemaStream.Protocol.Checksums;
using SchemaStream.Protocol.Records;

namespace SchemaStream.Broker.Storage;

/// <summary>
/// Walks the batch headers of a segment's file from one batch start to an end, reading ahead in chunks. It stops at the
/// end, or at the first thing that is no batch, and says which in <see cref="Fault"/>.
/// </summary>
internal ref struct BatchCursor
{
    /// <summary>Enough for what lies between two index entries, and cheap to read when only one header is wanted.</summary>
    public const int LookupChunk = 8 * 1024;

    /// <summary>For scans of a whole segment.</summary>
    public const int ScanChunk = 256 * 1024;

    // The current header is kept beside the read-ahead, which moves on while a long batch is checked.
    private const int ReadAheadFrom = 64;

    /// <summary>Control batches have one short record; what is longer is none that ends a transaction.</summary>
    private const int LargestMarkerBytes = 1024;

    private readonly ILogFile _file;
    private readonly long _end;
    private byte[] _buffer;
    private long _bufferPosition;
    private int _buffered;

    public BatchCursor(ILogFile file, long position, long end, int chunkBytes)
    {
        _file = file;
        _end = end;
        _buffer = ArrayPool<byte>.Shared.Rent(ReadAheadFrom + chunkBytes);
        NextPosition = position;
        Position = position;
    }

    /// <summary>Where the current batch begins.</summary>
    public long Position { get; private set; }

    /// <summary>Where the next batch begins: behind the current one.</summary>
    public long NextPosition { get; private set; }

    public RecordBatchFault Fault { get; private set; }

    /// <summary>Header of the current batch.</summary>
    public readonly RecordBatchHeader Header => new(_buffer.AsSpan(0, RecordBatchHeader.Size));

    public bool MoveNext()
    {
        Position = NextPosition;
        if (Position >= _end)
        {
            return false;
        }

        if (_end - Position < RecordBatchHeader.Size || !Buffer(Position, RecordBatchHeader.Size))
        {
            Fault = RecordBatchFault.Truncated;
            return false;
        }

        var from = ReadAheadFrom + (int)(Position - _bufferPosition);
        _buffer.AsSpan(from, RecordBatchHeader.Size).CopyTo(_buffer);
        var header = Header;
        Fault = (header.Magic, header.SizeInBytes) switch
        {
            (0 or 1, _) => RecordBatchFault.OldMagic,
            (not RecordBatchHeader.CurrentMagic, _) => RecordBatchFault.UnknownMagic,
            (_, < RecordBatchHeader.Size) => RecordBatchFault.LengthTooSmall,
            _ => header.SizeInBytes > _end - Position ? RecordBatchFault.Truncated : RecordBatchFault.None,
        };
        if (Fault != RecordBatchFault.None)
        {
            return false;
        }

        NextPosition = Position + header.SizeInBytes;
        return true;
    }

    /// <summary>What the current batch says of a transaction's end; null for most batches.</summary>
    public EndTransactionMarker? ReadMarker()
    {
        var size = NextPosition - Position;
        if (!Header.IsControlBatch || size > LargestMarkerBytes || !Buffer(Position, (int)size))
        {
            return null;
        }

        var batch = _buffer.AsSpan(ReadAheadFrom + (int)(Position - _bufferPosition), (int)size);
        return EndTransactionMarker.TryRead(batch, out var marker) ? marker : null;
    }

    /// <summary>Checks the current batch's checksum and counts.</summary>
    public RecordBatchFault ValidateCurrent()
    {
        var header = Header;
        var expected = header.Crc;
        if (header.Compression > CompressionType.Zstd)
        {
            return RecordBatchFault.UnknownCompression;
        }

        if (header.RecordCount < 0 || header.LastOffsetDelta < 0 || header.RecordCount > header.LastOffsetDelta + 1L)
        {
            return RecordBatchFault.CountMismatch;
        }

        uint crc = 0;
        for (var at = Position + RecordBatchHeader.LogOverhead + 9; at < NextPosition;)
        {
            if (!Buffer(at, 1))
            {
                return RecordBatchFault.Truncated;
            }

            var from = (int)(at - _bufferPosition);
            var length = (int)Math.Min(_buffered - from, NextPosition - at);
            crc = Crc32C.Append(crc, _buffer.AsSpan(ReadAheadFrom + from, length));
            at += length;
        }

        return crc == expected ? RecordBatchFault.None : RecordBatchFault.ChecksumMismatch;
    }

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
    }

    /// <summary>Has <paramref name="length"/> bytes from <paramref name="position"/> on in the buffer, if the file does.</summary>
    private bool Buffer(long position, int length)
    {
        if (position >= _bufferPosition && position + length <= _bufferPosition + _buffered)
        {
            return true;
        }

        _bufferPosition = position;
        var wanted = (int)Math.Min(_buffer.Length - ReadAheadFrom, _end - position);
        _buffered = _file.Read(position, _buffer.AsSpan(ReadAheadFrom, wanted));
        return _buffered >= length;
    }
}

using System.Buffers.Binary;
using SchemaStream.Broker.Storage.Files;

namespace SchemaStream.Broker.Storage.Indexes;

/// <summary>
/// Where in the segment's file an offset is, sparsely. Kafka's format: four bytes of offset relative to the segment's
/// base, four bytes of position. An entry holds a batch's last offset and the position at which that batch begins.
/// </summary>
internal sealed class OffsetIndex(LogFileHandle file, long baseOffset, int maxBytes)
{
    public const int EntryBytes = 8;

    private const int PositionPosition = 4;

    private readonly IndexFile _entries = new(file, EntryBytes, maxBytes);

    public int Count => _entries.Count;

    public bool IsFull => _entries.IsFull;

    public int SizeInBytes => Count * EntryBytes;

    public LogFileHandle Handle => _entries.Handle;

    public bool IsDirty
    {
        get => _entries.IsDirty;
        set => _entries.IsDirty = value;
    }

    public void Append(long offset, long position)
    {
        Span<byte> entry = stackalloc byte[EntryBytes];
        BinaryPrimitives.WriteInt32BigEndian(entry, checked((int)(offset - baseOffset)));
        BinaryPrimitives.WriteInt32BigEndian(entry[PositionPosition..], checked((int)position));
        _entries.Append(entry);
    }

    /// <summary>A position at or before the batch that holds <paramref name="offset"/>; as near as the index knows.</summary>
    public int FindPosition(long offset)
    {
        var relative = Math.Min(offset - baseOffset, int.MaxValue);
        var index = _entries.FindFloor(relative, keyPosition: 0, sizeof(int));
        return index < 0 ? 0 : EntryAt(index).Position;
    }

    /// <summary>The last batch start that the index knows at or before <paramref name="position"/>.</summary>
    public int FindBatchStart(long position)
    {
        var index = _entries.FindFloor(Math.Min(position, int.MaxValue), PositionPosition, sizeof(int));
        return index < 0 ? 0 : EntryAt(index).Position;
    }

    public (long Offset, int Position) EntryAt(int index)
    {
        Span<byte> entry = stackalloc byte[EntryBytes];
        _entries.ReadEntry(index, entry);
        return (baseOffset + BinaryPrimitives.ReadInt32BigEndian(entry),
            BinaryPrimitives.ReadInt32BigEndian(entry[PositionPosition..]));
    }

    /// <summary>Forgets entries of batches that begin at or behind a position.</summary>
    public void TruncateToPosition(long position) =>
        _entries.Truncate(position <= 0 ? 0 : _entries.FindFloor(position - 1, PositionPosition, sizeof(int)) + 1);

    public void Reset() => _entries.Reset();

    public void WritePending() => _entries.WritePending();

    /// <summary>Whether the file can be an index of this segment at all, from its length and its last entry.</summary>
    public bool IsSane(long segmentSize)
    {
        if (!_entries.HasWholeEntries())
        {
            return false;
        }

        if (Count == 0)
        {
            return true;
        }

        var (offset, position) = EntryAt(Count - 1);
        return offset >= baseOffset && position > 0 && position < segmentSize;
    }
}

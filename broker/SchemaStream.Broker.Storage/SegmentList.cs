using SchemaStream.Protocol;

namespace SchemaStream.Broker.Storage;

/// <summary>A log's segments by base offset. Never empty once the log is open: the last one is written to.</summary>
internal sealed class SegmentList
{
    private readonly List<LogSegment> _segments = [];

    public int Count => _segments.Count;

    public LogSegment First => _segments[0];

    public LogSegment Active => _segments[^1];

    public LogSegment this[int index] => _segments[index];

    public void Add(LogSegment segment)
    {
        Invariant.That(
            _segments.Count == 0 || _segments[^1].BaseOffset < segment.BaseOffset,
            "a new segment begins behind the ones before it");
        _segments.Add(segment);
    }

    /// <summary>Index of the segment that an offset lies in: the last one that begins at or before it; 0 at least.</summary>
    public int FloorIndex(long offset)
    {
        var low = 0;
        var high = _segments.Count - 1;
        while (low < high)
        {
            var middle = low + ((high - low + 1) / 2);
            (low, high) = _segments[middle].BaseOffset <= offset ? (middle, high) : (low, middle - 1);
        }

        return low;
    }

    /// <summary>Takes the segments from an index on out of the list, newest first.</summary>
    public IReadOnlyList<LogSegment> RemoveFrom(int index)
    {
        var removed = _segments.GetRange(index, _segments.Count - index);
        _segments.RemoveRange(index, removed.Count);
        removed.Reverse();
        return removed;
    }

    /// <summary>Puts one segment in the place of some that follow each other; it begins where they did.</summary>
    public void Replace(int index, int count, LogSegment segment)
    {
        Invariant.That(_segments[index].BaseOffset == segment.BaseOffset, "a cleaned segment begins where its sources did");
        Invariant.That(index + count < _segments.Count, "the active segment is not cleaned");
        _segments.RemoveRange(index, count);
        _segments.Insert(index, segment);
    }

    /// <summary>Takes the oldest segments out of the list.</summary>
    public IReadOnlyList<LogSegment> RemoveFirst(int count)
    {
        var removed = _segments.GetRange(0, count);
        _segments.RemoveRange(0, count);
        return removed;
    }
}

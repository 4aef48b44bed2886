using SchemaStream.Transport;

namespace SchemaStream.Consuming.Processing;

/// <summary>Which records of a partition are finished: a commit may go up to the first that is not, and no further.</summary>
/// <remarks>Records are added in the order of their offsets, which may have gaps, and finish in any order.</remarks>
internal sealed class OffsetTracker
{
    private const int FirstCapacity = 64;

    private long[] _offsets = new long[FirstCapacity];
    private bool[] _finished = new bool[FirstCapacity];
    private long _head;
    private long _tail;

    /// <summary>How many records there are from the first unfinished one on.</summary>
    public int Count => (int)(_tail - _head);

    /// <summary>The offset of the first unfinished record; negative when all are finished.</summary>
    public long FirstUnfinished => _head == _tail ? AssignedPartition.NoOffset : _offsets[_head & (_offsets.Length - 1)];

    /// <summary>Adds a record.</summary>
    /// <param name="offset">Its offset.</param>
    /// <returns>Its slot.</returns>
    public long Add(long offset)
    {
        if (Count == _offsets.Length)
        {
            Grow();
        }

        var index = _tail & (_offsets.Length - 1);
        _offsets[index] = offset;
        _finished[index] = false;
        return _tail++;
    }

    /// <summary>A record is finished.</summary>
    /// <param name="slot">Its slot.</param>
    /// <returns>The offset up to which all are finished; negative when this one changes nothing about it.</returns>
    public long Finish(long slot)
    {
        var mask = _offsets.Length - 1;
        _finished[slot & mask] = true;
        var handled = AssignedPartition.NoOffset;
        while (_head != _tail && _finished[_head & mask])
        {
            handled = _offsets[_head & mask] + 1;
            _head++;
        }

        return handled;
    }

    private void Grow()
    {
        var offsets = new long[_offsets.Length * 2];
        var finished = new bool[offsets.Length];
        for (var slot = _head; slot != _tail; slot++)
        {
            offsets[slot & (offsets.Length - 1)] = _offsets[slot & (_offsets.Length - 1)];
            finished[slot & (offsets.Length - 1)] = _finished[slot & (_offsets.Length - 1)];
        }

        _offsets = offsets;
        _finished = finished;
    }
}

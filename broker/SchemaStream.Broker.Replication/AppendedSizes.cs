namespace SchemaStream.Broker.Replication;

/// <summary>
/// How many bytes lie between the high watermark, or the last stable offset, and the end: a reader that waits for so many bytes is told how many
/// became readable without anyone looking into the log.
/// </summary>
internal sealed class AppendedSizes
{
    /// <summary>
    /// More appends than this wait only behind a transaction that is open for long, or followers that are away: then they are
    /// counted together.
    /// </summary>
    private const int MostEntries = 1024;

    // A ring: the front falls below the watermark, the back is cut off by truncations.
    private (long StartOffset, long EndOffset, long Bytes)[] _ring = new (long, long, long)[16];
    private int _head;
    private int _count;

    public void Add(long startOffset, long endOffset, long bytes)
    {
        if (_count == MostEntries)
        {
            ref var last = ref _ring[(_head + _count - 1) % _ring.Length];
            last = (last.StartOffset, endOffset, last.Bytes + bytes);
            return;
        }

        if (_count == _ring.Length)
        {
            Grow();
        }

        _ring[(_head + _count) % _ring.Length] = (startOffset, endOffset, bytes);
        _count++;
    }

    /// <summary>
    /// Takes away, and sums up, what lies below the new high watermark. Of an append that it falls into, as a follower's
    /// watermark may, the share by offsets counts: close enough to wake a reader, and right once all of it is below.
    /// </summary>
    public long TakeBelow(long highWatermark)
    {
        var bytes = 0L;
        while (_count > 0 && _ring[_head].StartOffset < highWatermark)
        {
            ref var append = ref _ring[_head];
            if (append.EndOffset <= highWatermark)
            {
                bytes += append.Bytes;
                append = default;
                _head = (_head + 1) % _ring.Length;
                _count--;
                continue;
            }

            var share = ShareBelow(append, highWatermark);
            bytes += share;
            append = (highWatermark, append.EndOffset, append.Bytes - share);
            break;
        }

        return bytes;
    }

    /// <summary>What was cut off the log's end never becomes readable.</summary>
    public void TruncateTo(long endOffset)
    {
        while (_count > 0)
        {
            ref var append = ref _ring[(_head + _count - 1) % _ring.Length];
            if (append.EndOffset <= endOffset)
            {
                return;
            }

            if (append.StartOffset < endOffset)
            {
                append = (append.StartOffset, endOffset, ShareBelow(append, endOffset));
                return;
            }

            append = default;
            _count--;
        }
    }

    // Rounded up: however small the share is, there is something to read.
    private static long ShareBelow((long StartOffset, long EndOffset, long Bytes) append, long offset)
    {
        var offsets = append.EndOffset - append.StartOffset;
        return (long)((((Int128)append.Bytes * (offset - append.StartOffset)) + offsets - 1) / offsets);
    }

    private void Grow()
    {
        var larger = new (long, long, long)[_ring.Length * 2];
        for (var i = 0; i < _count; i++)
        {
            larger[i] = _ring[(_head + i) % _ring.Length];
        }

        (_ring, _head) = (larger, 0);
    }
}

namespace SchemaStream.Broker.Replication;

/// <summary>
/// How many bytes lie between the high watermark and the end: a reader that waits for so many bytes is told how many
/// became readable without anyone looking into the log.
/// </summary>
internal sealed class AppendedSizes
{
    private readonly Queue<(long EndOffset, long Bytes)> _above = new();

    public void Add(long endOffset, long bytes) => _above.Enqueue((endOffset, bytes));

    /// <summary>Takes away, and sums up, what lies below the new high watermark.</summary>
    public long TakeBelow(long highWatermark)
    {
        var bytes = 0L;
        while (_above.TryPeek(out var append) && append.EndOffset <= highWatermark)
        {
            bytes += append.Bytes;
            _above.Dequeue();
        }

        return bytes;
    }

    public void Clear() => _above.Clear();
}

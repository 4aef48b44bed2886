namespace SchemaStream.Transport;

/// <summary>One partition for as long as this member has it. A partition that comes back is a new object.</summary>
/// <param name="topic">The topic.</param>
/// <param name="partition">The partition.</param>
internal sealed class AssignedPartition(string topic, int partition)
{
    /// <summary>No record yet.</summary>
    public const long NoOffset = -1;

    private long _handled = NoOffset;
    private long _handedOut = NoOffset;
    private volatile bool _revoked;

    /// <summary>The partition's name.</summary>
    public TopicPartition Name { get; } = new(topic, partition);

    /// <summary>Whether the partition is no longer this member's: what is buffered of it belongs to another.</summary>
    public bool IsRevoked => _revoked;

    /// <summary>The offset behind the last record that the application has handled.</summary>
    public long HandledOffset => Volatile.Read(ref _handled);

    /// <summary>The offset behind the last record that the application was given.</summary>
    public long HandedOutOffset
    {
        get => Volatile.Read(ref _handedOut);
        set => Volatile.Write(ref _handedOut, value);
    }

    /// <summary>The offset last given to librdkafka to commit; touched by the poll thread alone.</summary>
    public long StoredOffset { get; set; } = NoOffset;

    /// <summary>
    /// The application has handled all before an offset, or committed it by hand, which says the same: a later automatic
    /// commit must not take it back.
    /// </summary>
    public void HandleUpTo(long offset)
    {
        for (var handled = HandledOffset; offset > handled;)
        {
            var found = Interlocked.CompareExchange(ref _handled, offset, handled);
            if (found == handled)
            {
                return;
            }

            handled = found;
        }
    }

    /// <summary>Takes the partition away.</summary>
    public void Revoke() => _revoked = true;
}

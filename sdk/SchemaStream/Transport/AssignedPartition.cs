namespace SchemaStream.Transport;

/// <summary>One partition for as long as this member has it. A partition that comes back is a new object.</summary>
/// <remarks>
/// Records of a partition carry the <em>generation</em> under which they were fetched. A seek begins a new generation at
/// once, whatever is still on its way: records of an older one are dropped where they turn up.
/// </remarks>
/// <param name="topic">The topic.</param>
/// <param name="partition">The partition.</param>
internal sealed class AssignedPartition(string topic, int partition)
{
    /// <summary>No record yet.</summary>
    public const long NoOffset = -1;

    private const int Gone = -1;
    private const PauseReasons HoldingBack = PauseReasons.Application | PauseReasons.NotDue;

    private readonly Lock _lock = new();
    private long _handled = NoOffset;
    private long _handedOut = NoOffset;
    private long _droppedFrom = NoOffset;
    private volatile int _generation;
    private volatile int _seekCount;
    private volatile PauseReasons _pauses;

    /// <summary>The partition's name.</summary>
    public TopicPartition Name { get; } = new(topic, partition);

    /// <summary>The offset last committed for what was handled; touched by the one who commits it.</summary>
    public long CommittedOffset { get; set; } = NoOffset;

    /// <summary>Whether the partition is no longer this member's: what is buffered of it belongs to another.</summary>
    public bool IsRevoked => _generation == Gone;

    /// <summary>The generation of the records to hand out.</summary>
    public int Generation => _generation;

    /// <summary>How often the application has gone elsewhere: what was handed out before a seek counts no longer.</summary>
    public int SeekCount => _seekCount;

    /// <summary>Why nothing is fetched.</summary>
    public PauseReasons Pauses => _pauses;

    /// <summary>Whether what is fetched already must wait too.</summary>
    public bool IsHeldBack => (_pauses & HoldingBack) != 0;

    /// <summary>The offset behind the last record that the application has handled.</summary>
    public long HandledOffset => Volatile.Read(ref _handled);

    /// <summary>The offset behind the last record that the application was given.</summary>
    public long HandedOutOffset
    {
        get => Volatile.Read(ref _handedOut);
        set => Volatile.Write(ref _handedOut, value);
    }

    /// <summary>The generation of what librdkafka gives now; under the transport's lock, like the two below.</summary>
    public int FetchGeneration { get; set; }

    /// <summary>The offset behind the last record that librdkafka gave.</summary>
    public long FetchedOffset { get; set; } = NoOffset;

    /// <summary>That offset when the partition was last resumed, until a record from there on has come.</summary>
    public long ResumedOffset { get; set; } = NoOffset;

    /// <summary>The offset last given to librdkafka to commit; touched by the poll thread alone, like the one below.</summary>
    public long StoredOffset { get; set; } = NoOffset;

    /// <summary>Whether librdkafka was told to fetch nothing.</summary>
    public bool IsPausedNatively { get; set; }

    /// <summary>Whether a record of a generation may be handed out.</summary>
    /// <param name="generation">The record's generation.</param>
    public bool IsCurrent(int generation) => _generation == generation;

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

    /// <summary>The application's one loop has handled all before an offset, which is behind all that it was given.</summary>
    public void HandleNext(long offset)
    {
        if (offset > HandledOffset)
        {
            Volatile.Write(ref _handled, offset);
        }
    }

    /// <summary>Takes the partition away.</summary>
    public void Revoke()
    {
        lock (_lock)
        {
            _generation = Gone;
        }
    }

    /// <summary>The application goes elsewhere: what it handled before counts no longer.</summary>
    /// <param name="offset">Where to, or a name of <see cref="PartitionOffset"/>.</param>
    /// <param name="generation">The new generation.</param>
    /// <returns>Whether the partition is still this member's.</returns>
    public bool TryBeginSeek(long offset, out int generation)
    {
        lock (_lock)
        {
            _seekCount++;
            Volatile.Write(ref _handled, NoOffset);
            return TryBegin(Math.Max(offset, NoOffset), out generation);
        }
    }

    /// <summary>What was handed out from an offset on was given back: it will be fetched again.</summary>
    /// <param name="offset">The offset.</param>
    /// <param name="generation">The new generation.</param>
    /// <returns>Whether the partition is still this member's.</returns>
    public bool TryBeginRewind(long offset, out int generation)
    {
        lock (_lock)
        {
            return TryBegin(offset, out generation);
        }
    }

    /// <summary>Adds a reason to fetch nothing.</summary>
    /// <param name="reason">The reason.</param>
    public void Pause(PauseReasons reason)
    {
        lock (_lock)
        {
            _pauses |= reason;
        }
    }

    /// <summary>Takes a reason away.</summary>
    /// <param name="reason">The reason.</param>
    /// <param name="from">Where to fetch again from, when records were dropped meanwhile.</param>
    /// <param name="generation">The generation of what is fetched again.</param>
    /// <returns>Whether records were dropped meanwhile and must be fetched again.</returns>
    public bool Resume(PauseReasons reason, out long from, out int generation)
    {
        lock (_lock)
        {
            _pauses &= ~reason;
            from = _droppedFrom;
            generation = _generation;
            return from != NoOffset && !IsHeldBack && TryBegin(from, out generation);
        }
    }

    /// <summary>Drops a record that must not be handed out now, and remembers to fetch it again.</summary>
    /// <param name="generation">The record's generation.</param>
    /// <param name="offset">Its offset.</param>
    /// <returns>False when the partition has gone on meanwhile: the record is to be handed out after all.</returns>
    public bool TryDrop(int generation, long offset)
    {
        lock (_lock)
        {
            if (!IsHeldBack && _generation == generation)
            {
                return false;
            }

            if (_generation == generation && (_droppedFrom == NoOffset || offset < _droppedFrom))
            {
                _droppedFrom = offset;
            }

            return true;
        }
    }

    private bool TryBegin(long handedOut, out int generation)
    {
        generation = _generation;
        if (generation == Gone)
        {
            return false;
        }

        _generation = ++generation;
        _droppedFrom = NoOffset;
        HandedOutOffset = handedOut;
        return true;
    }
}

namespace SchemaStream.Transport.Wire.Producing;

/// <summary>
/// What is on its way to a topic: a state machine without sockets, threads or a clock of its own. Everything happens under
/// its owner's lock.
/// </summary>
/// <remarks>
/// The files: this one takes records in and says what is to be sent, <c>.Answers</c> hears what became of it,
/// <c>.Layout</c> knows the partitions and their leaders.
/// </remarks>
/// <param name="topic">The topic.</param>
/// <param name="settings">How to send.</param>
/// <param name="random">A number from 0 to below its argument.</param>
internal sealed partial class ProduceState(string topic, ProduceSettings settings, Func<int, int> random)
{
    /// <summary>How many batches' bytes one request carries at most, but for a larger first one.</summary>
    private const int BatchesPerRequest = 4;

    private readonly List<PartitionQueue> _queues = [];
    private readonly Stack<ProducerBatch> _free = new();

    /// <summary>Records that came before it was known how many partitions there are, in their order.</summary>
    private readonly Queue<UnplacedRecord> _unplaced = new();

    private ProducerIdentity _identity = ProducerIdentity.None;
    private long _turns;
    private int _sticky = -1;
    private int _firstQueue;

    /// <summary>How many records are accepted and not yet settled.</summary>
    public long Pending { get; private set; }

    /// <summary>Their bytes, about.</summary>
    public long PendingBytes { get; private set; }

    /// <summary>Whether what there is goes at once, without waiting for company.</summary>
    public bool IsFlushing { get; set; }

    /// <summary>
    /// Whether senders wait for room. Then, too, what there is goes at once: there is no company to wait for.
    /// </summary>
    public bool IsPressed { get; set; }

    /// <summary>
    /// Whether those who wait for room are to come again. Not for each batch that has gone: they would be woken for a batch's
    /// worth, to sleep again, and waking costs more than a batch.
    /// </summary>
    public bool HasRoomAgain => Pending <= settings.MaxRecords / 2 && PendingBytes <= settings.MaxBytes / 2;

    /// <summary>What was settled, for the owner to tell of outside of its lock.</summary>
    public List<SettledBatch> Settled { get; } = [];

    /// <summary>Whether a producer id is to be asked for, without which a partition cannot go on.</summary>
    public bool NeedsIdentity
    {
        get
        {
            if (!settings.IsIdempotent || Pending == 0)
            {
                return false;
            }

            foreach (var queue in _queues)
            {
                if (queue.LacksIdentity(_identity) && !queue.IsEmpty)
                {
                    return true;
                }
            }

            return false;
        }
    }

    /// <summary>Whether a record has room.</summary>
    /// <param name="size">Its <see cref="ProducerBatch.SizeOf"/>.</param>
    public bool HasRoom(int size) =>
        Pending < settings.MaxRecords && (PendingBytes + size <= settings.MaxBytes || Pending == 0);

    /// <summary>Whether it is known which partitions there are.</summary>
    public bool IsLaidOut => _queues.Count > 0;

    /// <summary>Whether a record that names its partition names one that there is, as far as is known.</summary>
    public bool IsPartition(int partition) => _queues.Count == 0 || partition < _queues.Count;

    /// <summary>Takes a record in; <see cref="HasRoom"/> said that it can be.</summary>
    /// <param name="record">The record; its bytes are copied.</param>
    /// <param name="size">Its <see cref="ProducerBatch.SizeOf"/>.</param>
    /// <param name="delivery">Who waits for it; null for no one.</param>
    /// <param name="timestampMs">The record's time.</param>
    /// <param name="nowMs">The clock of waits.</param>
    /// <param name="leader">The broker that something can be sent to now; negative for none.</param>
    /// <returns>Whether there is something new to wait for.</returns>
    public bool Add(EncodedRecord record, int size, Delivery? delivery, long timestampMs, long nowMs, out int leader)
    {
        leader = -1;
        Pending++;
        PendingBytes += size;
        if (_queues.Count == 0)
        {
            _unplaced.Enqueue(new UnplacedRecord(record.Copy(), size, delivery, timestampMs, nowMs));
            return true;
        }

        return Place(record, size, delivery, timestampMs, nowMs, out leader);
    }

    /// <summary>The brokers that something can be sent to now.</summary>
    public void FindNodes(HashSet<int> nodes, long nowMs)
    {
        foreach (var queue in _queues)
        {
            if (IsDue(queue, nowMs))
            {
                nodes.Add(queue.LeaderId);
            }
        }
    }

    /// <summary>Makes the next request to a broker.</summary>
    /// <returns>Whether there is anything to send.</returns>
    public bool TryFill(ProduceTurn turn, int nodeId, long nowMs)
    {
        turn.Begin(nodeId, topic, _topicId, settings.Acks, settings.RequestTimeoutMs);
        var left = (long)BatchesPerRequest * settings.MaxBatchBytes;
        for (var index = 0; index < _queues.Count && left > 0; index++)
        {
            // In turn: one with much to send must not keep the others from going.
            var queue = _queues[(_firstQueue + index) % _queues.Count];
            if (queue.LeaderId != nodeId || !IsDue(queue, nowMs))
            {
                continue;
            }

            if (!queue.HasWaiting)
            {
                Close(queue);
            }

            queue.TakeDoubtful(_expired);
            GiveUpExpired(queue, BatchFailure.InDoubt);
            if (!queue.HasWaiting)
            {
                continue;
            }

            var batch = queue.Take(_identity);
            left -= batch.Length;
            turn.Sent.Add((queue, batch));
        }

        _firstQueue = _queues.Count == 0 ? 0 : (_firstQueue + 1) % _queues.Count;
        return turn.Sent.Count > 0;
    }

    /// <summary>When there is something to do next, without news; far away when there is nothing.</summary>
    public long NextDeadlineMs(long nowMs)
    {
        var next = NextLayoutMs;
        foreach (var queue in _queues)
        {
            // One whose linger is over waits for news: an answer, a leader, an identity.
            if (queue.Open is { Count: > 0 } open && open.BegunAtMs + settings.LingerMs is var full && full > nowMs)
            {
                next = Math.Min(next, full);
            }

            if (queue.RetryAtMs > nowMs && !queue.IsEmpty)
            {
                next = Math.Min(next, queue.RetryAtMs);
            }

            if (queue.OldestMs is { } oldest)
            {
                next = Math.Min(next, oldest + settings.DeliveryTimeoutMs);
            }
        }

        if (_unplaced.TryPeek(out var first))
        {
            next = Math.Min(next, first.CameAtMs + settings.DeliveryTimeoutMs);
        }

        return next;
    }

    /// <summary>The owner has told of a settled batch: its memory is used again.</summary>
    public void Free(ProducerBatch batch)
    {
        if (--batch.Holders == 0)
        {
            _free.Push(batch);
        }
    }

    /// <summary>Gives back the memory of a burst that is over, all but a little.</summary>
    public void TrimFree()
    {
        while (_free.Count > settings.MaxInFlight && _free.TryPop(out var batch))
        {
            batch.Release();
        }
    }

    /// <summary>Gives all memory back; for the end.</summary>
    public void Clear()
    {
        while (_free.TryPop(out var batch))
        {
            batch.Release();
        }
    }

    private bool Place(EncodedRecord record, int size, Delivery? delivery, long timestampMs, long nowMs, out int leader)
    {
        var queue = _queues[PartitionOf(record)];
        leader = -1;
        if (queue.Open is { Count: > 0 } full && (full.Length + size > settings.MaxBatchBytes || full.Count >= settings.MaxBatchRecords))
        {
            Close(queue);
            leader = IsDue(queue, nowMs) ? queue.LeaderId : -1;
        }

        var isNew = queue.Open is null;
        var open = queue.Open ??= Rent(nowMs);
        open.Add(record, size, timestampMs, delivery);
        return isNew;
    }

    private int PartitionOf(EncodedRecord record) =>
        record.Partition >= 0 ? record.Partition
        : record.KeyLength >= 0 ? KeyPartitioner.Choose(record.Key, _queues.Count)
        : _sticky >= 0 ? _sticky
        : _sticky = ChooseSticky();

    /// <summary>Whether a partition has a batch that can go, and need not wait for company.</summary>
    private bool IsDue(PartitionQueue queue, long nowMs) =>
        (queue.HasWaiting || (queue.Open is { Count: > 0 } open && (IsFlushing || IsPressed || nowMs - open.BegunAtMs >= settings.LingerMs)))
        && queue.CanSend(nowMs)
        && !queue.LacksIdentity(_identity);

    private void Close(PartitionQueue queue)
    {
        queue.Open!.Close(_turns++);
        queue.CloseOpen();
        if (queue.Partition == _sticky)
        {
            _sticky = -1; // the next records without a key go elsewhere (KIP-480)
        }
    }

    private ProducerBatch Rent(long nowMs)
    {
        var batch = _free.TryPop(out var free) ? free : new ProducerBatch();
        batch.Begin(nowMs);
        return batch;
    }
}

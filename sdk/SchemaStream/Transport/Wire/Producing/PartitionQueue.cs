using SchemaStream.Protocol;
using SchemaStream.Protocol.Records;

namespace SchemaStream.Transport.Wire.Producing;

/// <summary>
/// What is on its way to one partition, in its order: the open batch, those that wait, and those in flight. A state machine
/// without sockets or a clock; touched under the producer's lock.
/// </summary>
/// <remarks>
/// The order over failures is the idempotent producer's (KIP-98). What failed goes again with the numbers that it had, before
/// all that is behind it; so nothing is sent while something behind it is unanswered. A number is given anew in one case
/// only: the broker finds the first of all unsettled batches out of order, or does not know the producer any more, as when
/// one before it was given up. Then what waits begins the next epoch (KIP-360), which none of the old one can follow. But a
/// batch that a connection may have brought to the broker, which may still come to it, fails with its outcome unknown: under
/// another number it could be there twice.
/// </remarks>
/// <param name="partition">The partition.</param>
/// <param name="maxInFlight">How many batches may be unanswered; no more than a broker remembers of a producer.</param>
/// <param name="isIdempotent">Whether batches are numbered.</param>
internal sealed class PartitionQueue(int partition, int maxInFlight, bool isIdempotent)
{
    private readonly List<ProducerBatch> _inFlight = [];

    /// <summary>By their places; the first is the next to go.</summary>
    private readonly List<ProducerBatch> _waiting = [];

    private int _nextSequence;

    /// <summary>
    /// Whether the broker has taken a batch of this epoch. Before that, it takes any batch for the first one: two at once could
    /// arrive the wrong way round.
    /// </summary>
    private bool _isKnown = !isIdempotent;

    public int Partition { get; } = partition;

    /// <summary>The batch that records are added to; null for none.</summary>
    public ProducerBatch? Open { get; set; }

    public int LeaderId { get; set; } = -1;

    public int LeaderEpoch { get; set; } = -1;

    /// <summary>It is left alone until then.</summary>
    public long RetryAtMs { get; set; }

    /// <summary>How many answers in a row were none.</summary>
    public int Failures { get; set; }

    /// <summary>Under which its batches are numbered; none before there is any, and when its epochs are used up.</summary>
    public ProducerIdentity Identity { get; private set; } = ProducerIdentity.None;

    /// <summary>Whether what waits begins the next epoch.</summary>
    public bool NeedsNewEpoch { get; private set; }

    public int InFlightCount => _inFlight.Count;

    public bool HasWaiting => _waiting.Count > 0;

    /// <summary>Whether there is nothing of it.</summary>
    public bool IsEmpty => Open is null && _waiting.Count == 0 && _inFlight.Count == 0;

    /// <summary>When the oldest of its batches began whose senders do not know yet what became of it; null for none.</summary>
    public long? OldestMs
    {
        get
        {
            long? oldest = Open is { Count: > 0 } open ? open.BegunAtMs : null;
            foreach (var batch in _waiting)
            {
                oldest = Math.Min(oldest ?? long.MaxValue, batch.BegunAtMs);
            }

            foreach (var batch in _inFlight)
            {
                oldest = batch.IsTold ? oldest : Math.Min(oldest ?? long.MaxValue, batch.BegunAtMs);
            }

            return oldest;
        }
    }

    /// <summary>Ends the open batch: nothing is added to it from here on.</summary>
    public void CloseOpen()
    {
        if (Open is { } open)
        {
            _waiting.Add(open);
            Open = null;
        }
    }

    /// <summary>Whether a batch may be sent now, if there is one.</summary>
    public bool CanSend(long nowMs) =>
        LeaderId >= 0
        && RetryAtMs <= nowMs
        && _inFlight.Count < (_isKnown ? maxInFlight : 1)
        && (!NeedsNewEpoch || _inFlight.Count == 0)
        && (_inFlight.Count == 0 || _waiting.Count == 0 || _inFlight[^1].Place < _waiting[0].Place);

    /// <summary>Whether it needs the producer's identity, or a newer one, to send.</summary>
    public bool LacksIdentity(ProducerIdentity known) =>
        isIdempotent && (Identity == ProducerIdentity.None || (NeedsNewEpoch && Identity.Next == ProducerIdentity.None))
        && (known == ProducerIdentity.None || known.Id == Identity.Id);

    /// <summary>Takes the next batch to send; <see cref="CanSend"/> has said that it may be.</summary>
    /// <param name="identity">The producer's identity.</param>
    public ProducerBatch Take(ProducerIdentity identity)
    {
        if (isIdempotent && (NeedsNewEpoch || Identity == ProducerIdentity.None))
        {
            BeginEpoch(Identity == ProducerIdentity.None || Identity.Next == ProducerIdentity.None ? identity : Identity.Next);
        }

        var batch = _waiting[0];
        _waiting.RemoveAt(0);
        if (isIdempotent && batch.Sequence == RecordBatchHeader.NoSequence)
        {
            batch.Identity = Identity;
            batch.Sequence = _nextSequence;
            _nextSequence = RecordBatchHeader.AddToSequence(_nextSequence, batch.Count);
        }

        batch.Attempts++;
        _inFlight.Add(batch);
        return batch;
    }

    /// <summary>Takes out what cannot be numbered anew, when all else is about to be.</summary>
    public void TakeDoubtful(List<(ProducerBatch Batch, bool IsInFlight)> doubtful)
    {
        for (var index = 0; NeedsNewEpoch && index < _waiting.Count;)
        {
            if (_waiting[index].MayBeThere)
            {
                doubtful.Add((_waiting[index], false));
                _waiting.RemoveAt(index);
            }
            else
            {
                index++;
            }
        }
    }

    /// <summary>The broker has the batch.</summary>
    public void OnTaken(ProducerBatch batch)
    {
        _inFlight.Remove(batch);
        _isKnown |= batch.Identity == Identity;
    }

    /// <summary>The batch has been answered, one way or another, and does not come again.</summary>
    public void OnSettled(ProducerBatch batch) => _inFlight.Remove(batch);

    /// <summary>The batch is to be sent again.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="error">What the broker said; or that it was not heard.</param>
    public void OnRefusedForNow(ProducerBatch batch, ErrorCode error)
    {
        _inFlight.Remove(batch);
        var isFirst = IsFirst(batch);
        Insert(batch);
        switch (error)
        {
            case ErrorCode.OutOfOrderSequenceNumber or ErrorCode.UnknownProducerId or ErrorCode.InvalidProducerEpoch:
                NeedsNewEpoch |= isIdempotent && isFirst;
                break;
            case ErrorCode.NetworkException or ErrorCode.RequestTimedOut or ErrorCode.NotEnoughReplicasAfterAppend:
                batch.MayBeThere = true;
                break;
        }
    }

    /// <summary>A batch that waits does not go again.</summary>
    public void GiveUp(ProducerBatch batch) => _waiting.Remove(batch);

    /// <summary>Two halves take the place and the numbers of a batch that was too large.</summary>
    public void OnSplit(ProducerBatch batch, ProducerBatch first, ProducerBatch second)
    {
        _inFlight.Remove(batch);
        Insert(first);
        Insert(second);
    }

    /// <summary>
    /// What began before a time: those that wait are taken out; those in flight are still to be answered, but their senders
    /// wait no longer.
    /// </summary>
    /// <param name="beforeMs">The time.</param>
    /// <param name="expired">Receives them, and whether they are in flight.</param>
    public void TakeExpired(long beforeMs, List<(ProducerBatch Batch, bool IsInFlight)> expired)
    {
        foreach (var batch in _inFlight)
        {
            if (batch.BegunAtMs <= beforeMs && !batch.IsTold)
            {
                batch.IsTold = true;
                expired.Add((batch, true));
            }
        }

        for (var index = 0; index < _waiting.Count;)
        {
            if (_waiting[index].BegunAtMs <= beforeMs)
            {
                expired.Add((_waiting[index], false));
                _waiting.RemoveAt(index);
            }
            else
            {
                index++;
            }
        }
    }

    /// <summary>Whether nothing that is unsettled stands before a batch.</summary>
    private bool IsFirst(ProducerBatch batch) =>
        (_waiting.Count == 0 || _waiting[0].Place > batch.Place) && (_inFlight.Count == 0 || _inFlight[0].Place > batch.Place);

    private void Insert(ProducerBatch batch)
    {
        var index = 0;
        while (index < _waiting.Count && _waiting[index].Place < batch.Place)
        {
            index++;
        }

        _waiting.Insert(index, batch);
    }

    private void BeginEpoch(ProducerIdentity identity)
    {
        Identity = identity;
        NeedsNewEpoch = false;
        _isKnown = false;
        _nextSequence = 0;
        foreach (var batch in _waiting)
        {
            batch.Sequence = RecordBatchHeader.NoSequence;
        }
    }
}

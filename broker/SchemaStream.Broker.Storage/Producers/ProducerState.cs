using SchemaStream.Protocol.Records;

namespace SchemaStream.Broker.Storage.Producers;

/// <summary>One batch that a producer wrote, as far as recognising it again needs.</summary>
/// <param name="LastOffset">Offset of its last record (inclusive).</param>
/// <param name="OffsetDelta">Last offset minus first.</param>
internal readonly record struct ProducerBatch(int LastSequence, long LastOffset, int OffsetDelta, long Timestamp)
{
    public long BaseOffset => LastOffset - OffsetDelta;

    public int BaseSequence => RecordBatchHeader.AddToSequence(LastSequence, -OffsetDelta);
}

/// <summary>What a partition remembers of one idempotent producer: its epoch and its last five batches.</summary>
internal sealed class ProducerState(long producerId)
{
    /// <summary>As many as a producer may have in flight and send again.</summary>
    public const int RememberedBatches = 5;

    private readonly ProducerBatch[] _batches = new ProducerBatch[RememberedBatches];
    private int _oldest;

    public long ProducerId { get; } = producerId;

    public short ProducerEpoch { get; private set; } = RecordBatchHeader.NoProducerEpoch;

    public int CoordinatorEpoch { get; set; } = -1;

    /// <summary>Where the transaction that is under way began; -1 when none is.</summary>
    public long CurrentTransactionFirstOffset { get; set; } = -1;

    public long LastTimestamp { get; private set; } = RecordBatchHeader.NoTimestamp;

    public int BatchCount { get; private set; }

    public ProducerBatch LastBatch => _batches[(_oldest + BatchCount - 1) % RememberedBatches];

    /// <summary>One of the batches remembered, the oldest first.</summary>
    public ProducerBatch BatchAt(int index) => _batches[(_oldest + index) % RememberedBatches];

    public int LastSequence => BatchCount == 0 ? RecordBatchHeader.NoSequence : LastBatch.LastSequence;

    public bool TryFindDuplicate(RecordBatchHeader header, out ProducerBatch duplicate)
    {
        for (var i = 0; i < BatchCount && header.ProducerEpoch == ProducerEpoch; i++)
        {
            duplicate = _batches[(_oldest + i) % RememberedBatches];
            if (duplicate.BaseSequence == header.BaseSequence && duplicate.LastSequence == header.LastSequence)
            {
                return true;
            }
        }

        duplicate = default;
        return false;
    }

    /// <summary>A new epoch begins with its own sequence; what was before cannot come again.</summary>
    public void UpdateEpoch(short producerEpoch)
    {
        if (producerEpoch != ProducerEpoch)
        {
            ProducerEpoch = producerEpoch;
            BatchCount = 0;
        }
    }

    public void Add(ProducerBatch batch)
    {
        if (BatchCount == RememberedBatches)
        {
            _oldest = (_oldest + 1) % RememberedBatches;
            BatchCount--;
        }

        _batches[(_oldest + BatchCount) % RememberedBatches] = batch;
        BatchCount++;
        Touch(batch.Timestamp);
    }

    public void Touch(long timestamp) => LastTimestamp = timestamp;
}

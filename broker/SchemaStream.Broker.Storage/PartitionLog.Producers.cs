using SchemaStream.Broker.Storage.Producers;

namespace SchemaStream.Broker.Storage;

/// <summary>What the log knows of producers and their transactions.</summary>
public sealed partial class PartitionLog
{
    /// <summary>
    /// First offset of the oldest transaction that has not ended, as far as is committed: the last stable offset is not
    /// beyond it.
    /// </summary>
    public long? FirstUnstableOffset => _producers.FirstUnstableOffset;

    public int ProducerCount => _producers.Count;

    /// <summary>What is known of producers; the tests look at it.</summary>
    internal ProducerStateTable Producers => _producers;

    /// <summary>Tells the log what is committed: the ends of transactions count from then on.</summary>
    public void CommittedTo(long highWatermark) => _producers.CommittedTo(highWatermark);

    /// <summary>Forgets idempotent producers that were not heard of for <see cref="LogConfig.ProducerIdExpirationMs"/>.</summary>
    public int ExpireProducers(long nowMs) => _producers.Expire(nowMs, Config.ProducerIdExpirationMs);

    /// <summary>Whether the producer, with this epoch, has a transaction under way here.</summary>
    public bool HasTransaction(long producerId, short producerEpoch) => _producers.HasTransaction(producerId, producerEpoch);

    /// <summary>Whether a batch of the producer's newest epoch is remembered.</summary>
    public bool HasBatchesOf(long producerId) => _producers.HasBatches(producerId);

    /// <summary>Everyone who is remembered, for administrators.</summary>
    public IReadOnlyList<ActiveProducer> DescribeProducers() =>
    [
        .. _producers.Producers.Select(producer => new ActiveProducer(
            producer.ProducerId,
            producer.ProducerEpoch,
            producer.LastSequence,
            producer.LastTimestamp,
            producer.CoordinatorEpoch,
            producer.CurrentTransactionFirstOffset)),
    ];

    /// <summary>
    /// The aborted transactions that have records in a range, for readers of committed records; null when there are none.
    /// </summary>
    /// <param name="fromOffset">Inclusive.</param>
    /// <param name="upperBoundOffset">Exclusive.</param>
    public IReadOnlyList<AbortedTransaction>? AbortedTransactions(long fromOffset, long upperBoundOffset)
    {
        ObjectDisposedException.ThrowIf(_isClosed, this);
        if (!_hasAborted)
        {
            return null;
        }

        List<AbortedTransaction>? found = null;
        for (var i = _segments.FloorIndex(fromOffset); i < _segments.Count; i++)
        {
            if (_segments[i].TransactionIndex.Collect(fromOffset, upperBoundOffset, ref found))
            {
                break;
            }
        }

        return found;
    }
}

/// <summary>A producer as a partition remembers it.</summary>
/// <param name="LastSequence">-1 when no batch of this epoch is remembered.</param>
/// <param name="CoordinatorEpoch">Of the coordinator that wrote the last marker; -1 when there was none.</param>
/// <param name="CurrentTransactionFirstOffset">-1 when no transaction is under way.</param>
public readonly record struct ActiveProducer(
    long ProducerId,
    short ProducerEpoch,
    int LastSequence,
    long LastTimestamp,
    int CoordinatorEpoch,
    long CurrentTransactionFirstOffset);

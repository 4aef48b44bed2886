using System.Collections.Immutable;

namespace SchemaStream.Broker.Coordination.Transactions;

/// <summary>
/// A transactional id as it stands. It never changes: each change is another one, which its record in the log holds whole.
/// </summary>
public sealed record TransactionMetadata
{
    /// <summary>A client of at least this version ends each transaction with a new epoch (KIP-890).</summary>
    public const short EpochBumpVersion = 2;

    /// <summary>No producer is ever given it, so that whoever has the last one given can still be fenced.</summary>
    public const short ReservedEpoch = short.MaxValue;

    public required long ProducerId { get; init; }

    /// <summary>The producer id before this one, which had used its epochs up; -1: none.</summary>
    public long PreviousProducerId { get; init; } = -1;

    /// <summary>The producer id after this one, once the transaction is complete; -1: this one stays.</summary>
    public long NextProducerId { get; init; } = -1;

    public required short ProducerEpoch { get; init; }

    /// <summary>
    /// The epoch before, while only its producer can have asked for the present one: its retry is answered the same again.
    /// -1: the producer before is fenced. Not in the log, as with Kafka: after a fail-over it is not known.
    /// </summary>
    public short LastProducerEpoch { get; init; } = -1;

    public required int TransactionTimeoutMs { get; init; }

    public required TransactionState State { get; init; }

    public ImmutableSortedSet<TopicPartitionName> Partitions { get; init; } = NoPartitions;

    /// <summary>When the transaction was begun; -1 before the first one.</summary>
    public long StartTimestampMs { get; init; } = -1;

    public required long LastUpdateTimestampMs { get; init; }

    /// <summary>As spoken by the client whose transaction it is.</summary>
    public short ClientTransactionVersion { get; init; }

    /// <summary>In the order in which the log has them.</summary>
    public static ImmutableSortedSet<TopicPartitionName> NoPartitions { get; } =
        ImmutableSortedSet.Create<TopicPartitionName>(ByName.Instance);

    /// <summary>Decided, with markers still to be written.</summary>
    public bool IsPrepared => State is TransactionState.PrepareCommit or TransactionState.PrepareAbort;

    public bool IsComplete => State is TransactionState.CompleteCommit or TransactionState.CompleteAbort;

    public bool BumpsEpoch => ClientTransactionVersion >= EpochBumpVersion;

    public bool IsEpochExhausted => IsExhausted(ProducerEpoch);

    /// <summary>When the transaction is aborted unless it ends before.</summary>
    public long DeadlineMs => StartTimestampMs + TransactionTimeoutMs;

    /// <summary>Whether the next epoch would be the reserved one.</summary>
    public static bool IsExhausted(short producerEpoch) => producerEpoch >= ReservedEpoch - 1;

    /// <summary>Whether a producer has been told already what it will be once the transaction is complete, and is that.</summary>
    public bool IsNext(long producerId, short producerEpoch) =>
        IsPrepared && NextProducerId >= 0 && NextProducerId == producerId && producerEpoch == 0;

    private sealed class ByName : IComparer<TopicPartitionName>
    {
        public static ByName Instance { get; } = new();

        public int Compare(TopicPartitionName x, TopicPartitionName y)
        {
            var byTopic = string.CompareOrdinal(x.Topic, y.Topic);
            return byTopic != 0 ? byTopic : x.Partition.CompareTo(y.Partition);
        }
    }
}

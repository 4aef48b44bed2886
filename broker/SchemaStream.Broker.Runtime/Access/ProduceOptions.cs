using SchemaStream.Broker.Coordination.Transactions;

namespace SchemaStream.Broker.Runtime.Access;

/// <summary>When a produce is answered. The values are those of the wire.</summary>
public enum RequiredAcks : short
{
    /// <summary>Once every replica of the ISR has it.</summary>
    All = -1,

    /// <summary>Never: the handler sends no response; the outcome still tells whether the append failed.</summary>
    None = 0,

    /// <summary>Once the leader's log has it.</summary>
    Leader = 1,
}

/// <param name="Timeout">How long an acknowledgement by all replicas is waited for.</param>
/// <param name="CurrentLeaderEpoch">The leader epoch the writer knows, or -1 when it knows none.</param>
/// <param name="TransactionalId">Of the producer whose transaction the records are part of, if they are of any.</param>
/// <param name="Support">What a producer with a transaction understands.</param>
public readonly record struct ProduceOptions(
    RequiredAcks Acks,
    TimeSpan Timeout,
    int CurrentLeaderEpoch = -1,
    string? TransactionalId = null,
    TransactionSupport Support = TransactionSupport.Default);

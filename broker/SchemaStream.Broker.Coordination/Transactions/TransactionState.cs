namespace SchemaStream.Broker.Coordination.Transactions;

/// <summary>Where a transactional id is in its life. The numbers are Kafka's, in the log for ever.</summary>
public enum TransactionState : sbyte
{
    /// <summary>Has a producer id and epoch, and no transaction yet with this epoch.</summary>
    Empty = 0,

    /// <summary>A transaction is under way.</summary>
    Ongoing = 1,

    /// <summary>Decided: commit. Markers are being written.</summary>
    PrepareCommit = 2,

    /// <summary>Decided: abort. Markers are being written.</summary>
    PrepareAbort = 3,

    /// <summary>Every partition has its marker; the next transaction may begin.</summary>
    CompleteCommit = 4,

    /// <summary>As <see cref="CompleteCommit"/>, of an abort.</summary>
    CompleteAbort = 5,

    /// <summary>Expired and about to be forgotten. Here that is one step, so that nobody sees it.</summary>
    Dead = 6,

    /// <summary>About to be aborted with a new epoch. Here that is one step, so that nobody sees it.</summary>
    PrepareEpochFence = 7,
}

namespace SchemaStream.Broker.Coordination.Tests.Transactions.Histories;

internal enum ProducerPhase
{
    /// <summary>Has no producer id yet.</summary>
    New,

    Ready,

    InTransaction,

    /// <summary>Asked to end its transaction, and goes on asking until it is told.</summary>
    Ending,

    /// <summary>Was told that it is over for it.</summary>
    Dead,
}

/// <summary>One process with a transactional id; a later one of the same id makes a zombie of it, which does not know that.</summary>
internal sealed class SimulatedProducer(string transactionalId, int incarnation, bool bumpsEpoch)
{
    public string TransactionalId => transactionalId;

    public int Incarnation => incarnation;

    /// <summary>Transactions v2.</summary>
    public bool BumpsEpoch => bumpsEpoch;

    public ProducerPhase Phase { get; set; }

    public long ProducerId { get; set; } = -1;

    public short ProducerEpoch { get; set; } = -1;

    /// <summary>Names the transaction as the producer sees it.</summary>
    public int Attempt { get; set; }

    /// <summary>What it asks for while <see cref="ProducerPhase.Ending"/>.</summary>
    public bool Commits { get; set; }

    public override string ToString() => $"{transactionalId}#{incarnation}(v{(bumpsEpoch ? 2 : 1)} {ProducerId}:{ProducerEpoch} {Phase})";
}

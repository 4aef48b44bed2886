using Metadata = SchemaStream.Broker.Metadata.PlantedBug;
using Raft = SchemaStream.Broker.Raft.PlantedBug;
using Replication = SchemaStream.Broker.Replication.PlantedBug;
using Storage = SchemaStream.Broker.Storage.PlantedBug;

namespace SchemaStream.Simulation.Planted;

/// <summary>The faults that can be built into the machines, by the names of their switches.</summary>
internal enum Bug
{
    None = 0,
    DoubleVote = 1,
    CommitOlderEpochByCounting = 2,
    AcknowledgeBeforePersisting = 3,
    AcceptStaleAlterPartition = 4,
    ElectOutsideIsr = 5,
    AdvanceWithoutWholeIsr = 6,
    TruncateToHighWatermark = 7,
    KeepProducersOfTruncatedBatches = 8,
}

/// <summary>Turns one planted bug on, for what this thread does until it is disposed.</summary>
internal readonly struct PlantedBug : IDisposable
{
    public PlantedBug(Bug bug) => Set(bug);

    public void Dispose() => Set(Bug.None);

    private static void Set(Bug bug)
    {
        Raft.DoubleVote = bug == Bug.DoubleVote;
        Raft.CommitOlderEpochByCounting = bug == Bug.CommitOlderEpochByCounting;
        Raft.AcknowledgeBeforePersisting = bug == Bug.AcknowledgeBeforePersisting;
        Metadata.AcceptStaleAlterPartition = bug == Bug.AcceptStaleAlterPartition;
        Metadata.ElectOutsideIsr = bug == Bug.ElectOutsideIsr;
        Replication.AdvanceWithoutWholeIsr = bug == Bug.AdvanceWithoutWholeIsr;
        Replication.TruncateToHighWatermark = bug == Bug.TruncateToHighWatermark;
        Storage.KeepProducersOfTruncatedBatches = bug == Bug.KeepProducersOfTruncatedBatches;
    }
}

using SchemaStream.Broker.Raft.Log;
using SchemaStream.Broker.Raft.Messages;

namespace SchemaStream.Broker.Raft;

/// <summary>Takes what a node of the quorum says, once what it promises is on disk. Nothing here waits.</summary>
public interface IQuorumOutbox
{
    /// <summary>On its way to another node, or lost.</summary>
    void Send(RaftMessage message);

    /// <summary>
    /// Begins to fetch a snapshot, which ends in <see cref="QuorumRaft.InstallSnapshot"/> or
    /// <see cref="QuorumRaft.SnapshotFailed"/>.
    /// </summary>
    void Download(NodeId leader, EpochEnd snapshot);

    /// <summary>Everything below the high watermark is committed: it may be applied and acknowledged.</summary>
    void Complete(Ready ready);
}

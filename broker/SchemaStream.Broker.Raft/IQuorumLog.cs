using SchemaStream.Broker.Raft.Log;

namespace SchemaStream.Broker.Raft;

/// <summary>What a node of the quorum keeps on its disk. Any failure is an exception, after which the node stops.</summary>
public interface IQuorumLog
{
    /// <summary>Replaces the state; it survives a loss of power when this returns.</summary>
    void Persist(QuorumState state);

    /// <summary>Adds a batch at the end; <see cref="Flush"/> makes it durable.</summary>
    void Append(LogBatch batch);

    /// <summary>Removes everything from an offset on.</summary>
    void Truncate(long offset);

    /// <summary>Returns when everything appended and truncated so far survives a loss of power.</summary>
    void Flush();

    /// <summary>Batches from an offset on, as many as one response may hold, and at least one where there is one.</summary>
    IReadOnlyList<LogBatch> Read(long offset);
}

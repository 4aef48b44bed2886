using SchemaStream.Protocol;

namespace SchemaStream.Broker.Runtime.Quorum;

/// <summary>
/// What the quorum's records are about: the controller of this node. Every call comes on the quorum's loop, so nothing here
/// may wait; an exception stops the quorum of this node, as what was committed cannot be taken back.
/// </summary>
internal interface IQuorumStateMachine
{
    /// <summary>Replaces everything by what a snapshot holds.</summary>
    /// <param name="snapshot">All its records, in lists of a bounded size.</param>
    /// <param name="lastOffset">Of the last record that the snapshot stands for.</param>
    void Load(IEnumerable<IReadOnlyList<IRecordMessage>> snapshot, long lastOffset);

    /// <summary>Takes committed records in, each once and in order.</summary>
    void Replay(IReadOnlyList<IRecordMessage> records, long lastOffset);

    /// <summary>
    /// Another leader, epoch or set of voters, or this node is ready to lead now; then it may propose at once. The last
    /// call of all, when the quorum of this node stops for whatever reason, is one without a leader.
    /// </summary>
    void LeadershipChanged(QuorumView view);

    /// <summary>Everything below is committed, and was replayed.</summary>
    void Committed(long highWatermark);

    /// <summary>Time passes; every few tens of milliseconds.</summary>
    /// <param name="nowMs">Milliseconds of a clock that never goes back.</param>
    void Tick(long nowMs);

    /// <summary>
    /// The records that make what was replayed so far. They are taken on another thread and later, so they have to be of an
    /// image that does not change.
    /// </summary>
    IEnumerable<IReadOnlyList<IRecordMessage>> WriteSnapshot();
}

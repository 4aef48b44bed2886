using SchemaStream.Protocol;

namespace SchemaStream.Broker.Runtime.Quorum;

/// <summary>
/// The quorum as the controller of this node works with it: <c>QuorumDriver</c>, which is made from the data directory and
/// <see cref="QuorumOptions"/> and begins with <c>Start(IQuorumStateMachine)</c>.
/// </summary>
internal interface IQuorum
{
    /// <summary>Any thread may look; it is at most one round of the loop old.</summary>
    QuorumView View { get; }

    /// <summary>Fails when the metadata can no longer be relied on: the disk, or the state machine, has failed.</summary>
    Task Fault { get; }

    /// <summary>The loop's clock: milliseconds that never go back, as <see cref="IQuorumStateMachine.Tick"/> has them.</summary>
    long NowMs { get; }

    /// <summary>Any thread: has work done on the loop, soon. It must not throw.</summary>
    /// <returns>False, and it will not be done, when too much waits already or the quorum has stopped.</returns>
    bool Post(Action work);

    /// <summary>As the other, but waits for room.</summary>
    /// <returns>False when the quorum has stopped.</returns>
    ValueTask<bool> PostAsync(Action work, CancellationToken cancellationToken);

    /// <summary>
    /// On the loop, and only while <see cref="QuorumView.IsReady"/>: appends records as one batch, which is committed once
    /// <see cref="IQuorumStateMachine.Committed"/> is called with more than the returned offset.
    /// </summary>
    /// <returns>The offset of the last record.</returns>
    /// <exception cref="ProtocolException">They cannot be written, or are too large for one batch; nothing has changed.</exception>
    long Propose(IReadOnlyList<IRecordMessage> records);
}

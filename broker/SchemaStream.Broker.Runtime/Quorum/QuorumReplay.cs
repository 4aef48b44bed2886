using SchemaStream.Broker.Raft.Log;
using SchemaStream.Protocol;

namespace SchemaStream.Broker.Runtime.Quorum;

/// <summary>Hands committed records to the state machine, each once and in order.</summary>
internal sealed class QuorumReplay(QuorumStore store, IQuorumStateMachine machine)
{
    /// <summary>What is replayed at a time, before others have a turn on the loop.</summary>
    private const int MaxBytesPerTurn = 4 * 1024 * 1024;

    /// <summary>Proposals whose records are still at hand when they are committed; what is beyond is read from the log.</summary>
    private const int MaxRemembered = 1024;

    private readonly Queue<(LogBatch Batch, IReadOnlyList<IRecordMessage> Records)> _proposals = new();

    /// <summary>The end of what was replayed: the state machine's image is of the log up to here.</summary>
    public EpochEnd Applied { get; private set; }

    /// <summary>Bytes replayed since the newest snapshot.</summary>
    public long BytesSinceSnapshot { get; set; }

    /// <summary>A batch of this leader's own, whose records need not be read back.</summary>
    public void Remember(LogBatch batch, IReadOnlyList<IRecordMessage> records)
    {
        if (_proposals.Count == MaxRemembered)
        {
            _proposals.Dequeue();
        }

        _proposals.Enqueue((batch, records));
    }

    /// <summary>This node leads no more: what it proposed may be overwritten.</summary>
    public void Forget() => _proposals.Clear();

    /// <summary>Replaces the state machine's image by the snapshot's.</summary>
    public void Load(EpochEnd snapshot)
    {
        machine.Load(QuorumSnapshotReader.Records(store.Directory, snapshot), snapshot.EndOffset - 1);
        Applied = snapshot;
        BytesSinceSnapshot = 0;
    }

    /// <summary>Replays what lies below the high watermark, as much as fits into one turn.</summary>
    /// <returns>Whether that was all.</returns>
    public bool Apply(long highWatermark)
    {
        for (long bytes = 0; Applied.EndOffset < highWatermark && bytes < MaxBytesPerTurn;)
        {
            bytes += ApplyProposal(highWatermark) ?? ApplyFromLog(highWatermark);
        }

        return Applied.EndOffset >= highWatermark;
    }

    private int? ApplyProposal(long highWatermark)
    {
        while (_proposals.TryPeek(out var next) && next.Batch.BaseOffset < Applied.EndOffset)
        {
            _proposals.Dequeue();
        }

        if (!_proposals.TryPeek(out var proposal)
            || proposal.Batch.BaseOffset != Applied.EndOffset
            || proposal.Batch.EndOffset > highWatermark)
        {
            return null;
        }

        _proposals.Dequeue();
        return Applies(proposal.Batch, proposal.Records);
    }

    private int ApplyFromLog(long highWatermark)
    {
        var bytes = 0;
        foreach (var recordBatch in store.Read(Applied.EndOffset, MaxBytesPerTurn, highWatermark))
        {
            var batch = QuorumBatches.ToLogBatch(recordBatch);
            if (batch.EndOffset > highWatermark || bytes >= MaxBytesPerTurn)
            {
                break;
            }

            Invariant.That(batch.BaseOffset == Applied.EndOffset, "committed records are replayed without a gap");
            bytes += Applies(batch, QuorumBatches.Decode(recordBatch));
        }

        Invariant.That(bytes > 0, "what is committed can be read");
        return bytes;
    }

    private int Applies(LogBatch batch, IReadOnlyList<IRecordMessage> records)
    {
        if (records.Count > 0)
        {
            machine.Replay(records, batch.EndOffset - 1);
        }

        Applied = new EpochEnd(batch.LeaderEpoch, batch.EndOffset);
        BytesSinceSnapshot += batch.Payload.Length;
        return batch.Payload.Length;
    }
}

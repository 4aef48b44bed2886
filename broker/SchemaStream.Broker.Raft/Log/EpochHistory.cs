namespace SchemaStream.Broker.Raft.Log;

/// <summary>The last epoch of a log, or of a part of it, and the offset at which it ends (exclusive).</summary>
public readonly record struct EpochEnd(int LeaderEpoch, long EndOffset);

/// <summary>At which offset each epoch begins in the log.</summary>
internal sealed class EpochHistory
{
    private readonly List<(int LeaderEpoch, long StartOffset)> _starts = [];

    public int LastEpoch => _starts.Count == 0 ? 0 : _starts[^1].LeaderEpoch;

    public void Append(int leaderEpoch, long startOffset)
    {
        if (leaderEpoch > LastEpoch)
        {
            _starts.Add((leaderEpoch, startOffset));
        }
    }

    /// <summary>The largest epoch not above <paramref name="leaderEpoch"/> and where it ends; epoch 0 ends at the log's start.</summary>
    public EpochEnd EndOf(int leaderEpoch, long logStartOffset, long logEndOffset)
    {
        for (var i = _starts.Count - 1; i >= 0; i--)
        {
            if (_starts[i].LeaderEpoch <= leaderEpoch)
            {
                return new EpochEnd(_starts[i].LeaderEpoch, i + 1 < _starts.Count ? _starts[i + 1].StartOffset : logEndOffset);
            }
        }

        return new EpochEnd(0, logStartOffset);
    }

    public void Clear() => _starts.Clear();

    public void TruncateFrom(long offset) => _starts.RemoveAll(start => start.StartOffset >= offset);

    /// <summary>A snapshot stands for everything up to its end, which is of its epoch.</summary>
    public void Reset(EpochEnd snapshot)
    {
        _starts.Clear();
        Append(snapshot.LeaderEpoch, Math.Max(0, snapshot.EndOffset - 1));
    }
}

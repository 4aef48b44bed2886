using SchemaStream.Broker.Raft.Log;

namespace SchemaStream.Broker.Raft.Messages;

/// <summary>What a leader that keeps the rules cannot say. It is refused: the follower's log is worth more than its word.</summary>
internal static class FetchResponseCheck
{
    /// <summary>Why an answer in the follower's epoch cannot be true; null when it can.</summary>
    public static string? Contradiction(FetchResponse response, EpochEnd logEnd, long divergenceOffset, long highWatermark) =>
        response.Outcome switch
        {
            FetchOutcome.SnapshotNeeded => OfSnapshot(response, highWatermark),
            FetchOutcome.Diverging => divergenceOffset < highWatermark
                ? $"it parts from this log at {response.Divergence}, and here everything below {highWatermark} is committed"
                : null,
            _ => OfBatches(response, logEnd),
        };

    private static string? OfSnapshot(FetchResponse response, long highWatermark)
    {
        var (leaderEpoch, endOffset) = response.Snapshot;
        if (leaderEpoch < 0 || leaderEpoch > response.LeaderEpoch)
        {
            return $"its snapshot is of epoch {leaderEpoch}";
        }

        return endOffset <= highWatermark
            ? $"its snapshot ends at {endOffset}, and here everything below {highWatermark} is committed"
            : null;
    }

    private static string? OfBatches(FetchResponse response, EpochEnd logEnd)
    {
        var (lastEpoch, endOffset) = logEnd;
        foreach (var batch in response.Batches)
        {
            if (batch.BaseOffset != endOffset || batch.RecordCount <= 0 || batch.EndOffset <= endOffset)
            {
                return $"a batch has the offsets {batch.BaseOffset} to {batch.EndOffset}, expected is {endOffset}";
            }

            if (batch.LeaderEpoch < lastEpoch || batch.LeaderEpoch > response.LeaderEpoch)
            {
                return $"the batch at {endOffset} is of epoch {batch.LeaderEpoch}, expected are {lastEpoch} to {response.LeaderEpoch}";
            }

            (lastEpoch, endOffset) = (batch.LeaderEpoch, batch.EndOffset);
        }

        return null;
    }
}

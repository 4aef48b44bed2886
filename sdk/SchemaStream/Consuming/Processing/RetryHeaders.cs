using System.Globalization;

namespace SchemaStream.Consuming.Processing;

/// <summary>What the headers of a record in a retry topic say.</summary>
/// <param name="Source">Where it was first read.</param>
/// <param name="Group">The group whose member failed.</param>
/// <param name="Due">When its next attempt is due.</param>
/// <param name="Timestamp">Its own time; null where that is not said.</param>
internal readonly record struct RetryHeaders(RecordPosition Source, string Group, DateTimeOffset Due, DateTimeOffset? Timestamp)
{
    private static readonly long LatestMs = DateTimeOffset.MaxValue.ToUnixTimeMilliseconds();

    /// <summary>Reads the headers; anyone can write to a topic, so they may lack or lie.</summary>
    /// <param name="headers">The headers.</param>
    /// <param name="retry">What they say.</param>
    /// <returns>Whether they are a retry's.</returns>
    public static bool TryRead(RecordHeaders headers, out RetryHeaders retry)
    {
        retry = default;
        if (headers[FailureHeaders.SourceTopic]?.AsText() is not { } topic
            || headers[FailureHeaders.Group]?.AsText() is not { } group
            || Number(headers, FailureHeaders.SourcePartition) is not (>= 0 and <= int.MaxValue and var partition)
            || Number(headers, FailureHeaders.SourceOffset) is not (>= 0 and var offset)
            || Number(headers, FailureHeaders.Due) is not (>= 0 and var due))
        {
            return false;
        }

        retry = new RetryHeaders(
            new RecordPosition(topic, (int)partition, offset),
            group,
            TimeOf(due),
            Number(headers, FailureHeaders.SourceTimestamp) is >= 0 and var timestamp ? TimeOf(timestamp) : null);
        return true;
    }

    /// <summary>How many attempts have failed.</summary>
    /// <param name="headers">The headers.</param>
    public static int AttemptsOf(RecordHeaders headers) =>
        Number(headers, FailureHeaders.Attempt) is >= 0 and <= 1_000_000 and var attempts ? (int)attempts : 0;

    private static DateTimeOffset TimeOf(long milliseconds) => DateTimeOffset.FromUnixTimeMilliseconds(Math.Min(milliseconds, LatestMs));

    private static long? Number(RecordHeaders headers, string name) =>
        long.TryParse(headers[name]?.AsText(), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}

namespace SchemaStream.Consuming.Processing;

/// <summary>What a run of handlers goes by.</summary>
/// <param name="Options">The application's options.</param>
/// <param name="CommitMode">When to commit.</param>
/// <param name="Time">The clock of delays.</param>
/// <param name="Topic">The topic that records are of; also of those that come out of a retry topic.</param>
/// <param name="GroupId">The group.</param>
internal sealed record ProcessingTerms(
    ProcessingOptions Options, CommitMode CommitMode, TimeProvider Time, string Topic, string GroupId)
{
    /// <summary>Whether records come out of a retry topic.</summary>
    public bool IsRetry { get; init; }

    /// <summary>Whether a failed record's own bytes will be needed.</summary>
    /// <param name="policy">What becomes of failed records.</param>
    public static bool NeedsBytes(FailurePolicy policy) =>
        policy.Finally == FailureAction.DeadLetter || (policy.Place == RetryPlace.RetryTopics && policy.Delays.Count > 0);
}

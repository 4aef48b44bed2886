namespace SchemaStream.Consuming;

/// <summary>What a commit that failed says of the group.</summary>
internal static class CommitRefusals
{
    /// <summary>How soon a commit is tried again whose coordinator was away; librdkafka has waited for it for a while by then.</summary>
    public static readonly TimeSpan Retry = TimeSpan.FromMilliseconds(500);

    /// <summary>Members come and go: the next commit covers the records if the partition stays, and its next owner reads them again if not.</summary>
    public static bool IsOfMembership(BrokerException refusal) => refusal.Code is "REBALANCE_IN_PROGRESS" or "ILLEGAL_GENERATION" or "UNKNOWN_MEMBER_ID";

    /// <summary>No one was there to commit to: the commit is not refused.</summary>
    public static bool IsPassing(BrokerException refusal) => refusal.Code is "WAIT_COORD" or "TIMED_OUT" or "TIMED_OUT_QUEUE" or "TRANSPORT"
        or "ALL_BROKERS_DOWN" or "COORDINATOR_NOT_AVAILABLE" or "COORDINATOR_LOAD_IN_PROGRESS" or "NOT_COORDINATOR" or "REQUEST_TIMED_OUT"
        or "NETWORK_EXCEPTION";
}

using SchemaStream.Protocol;

namespace SchemaStream.Broker.Server.Telemetry;

/// <summary>A client that asked what it is to push, or pushed, and when. Touched under the lock of the table it is in.</summary>
internal sealed class ClientInstance(TelemetryClient client, ClientSubscriptions subscriptions)
{
    private long _lastAskedMs = long.MinValue;
    private long _lastPushedMs = long.MinValue;
    private bool _hasAskedSincePush;
    private ErrorCode _lastError;

    public TelemetryClient Client { get; } = client;

    /// <summary>What <see cref="Subscription"/> was made of.</summary>
    public ClientSubscriptions Subscriptions { get; private set; } = subscriptions;

    public TelemetrySubscription Subscription { get; private set; } = subscriptions.For(client);

    /// <summary>Whether it has said that this is its last push.</summary>
    public bool IsTerminating { get; set; }

    public long LastUsedMs { get; private set; }

    /// <summary>The subscriptions have changed, or are the same.</summary>
    public void Use(ClientSubscriptions subscriptions, long nowMs)
    {
        LastUsedMs = nowMs;
        if (!ReferenceEquals(Subscriptions, subscriptions))
        {
            (Subscriptions, Subscription) = (subscriptions, subscriptions.For(Client));
        }
    }

    /// <summary>
    /// False where it asks again too soon: within the interval after its last request, unless that one was told of an error
    /// that asking again is the answer to.
    /// </summary>
    public bool TryAsk(long nowMs)
    {
        var isAnswer = _lastError is ErrorCode.UnknownSubscriptionId or ErrorCode.UnsupportedCompressionType;
        if (!isAnswer && !HasPassed(Math.Max(_lastAskedMs, _lastPushedMs), nowMs))
        {
            return false;
        }

        (_lastAskedMs, _hasAskedSincePush, _lastError) = (nowMs, true, ErrorCode.None);
        return true;
    }

    /// <summary>What is wrong with a push; none where it may be taken.</summary>
    public ErrorCode Push(int subscriptionId, bool isTerminating, bool isCompressionKnown, bool isTooLarge, long nowMs)
    {
        if (IsTerminating)
        {
            return ErrorCode.InvalidRequest;
        }

        // The first push after asking comes when the client likes: they spread themselves out.
        var isInTime = _hasAskedSincePush || HasPassed(_lastPushedMs, nowMs);
        if (!isInTime && !isTerminating)
        {
            return ErrorCode.ThrottlingQuotaExceeded;
        }

        (_lastPushedMs, _hasAskedSincePush) = (nowMs, false);
        _lastError = subscriptionId != Subscription.Id ? ErrorCode.UnknownSubscriptionId
            : !isCompressionKnown ? ErrorCode.UnsupportedCompressionType
            : isTooLarge ? ErrorCode.TelemetryTooLarge
            : ErrorCode.None;
        IsTerminating = _lastError == ErrorCode.None && isTerminating;
        return _lastError;
    }

    private bool HasPassed(long sinceMs, long nowMs) => sinceMs == long.MinValue || nowMs - sinceMs >= Subscription.IntervalMs;
}

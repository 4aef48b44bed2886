namespace SchemaStream.Broker.Metadata.Brokers;

/// <summary>
/// Who was heard of lately: what the active controller knows of brokers beyond the log. It is lost with the controller,
/// and its successor gives every broker a fresh session. Times are milliseconds of any clock that does not go back.
/// </summary>
/// <param name="timeoutMs">broker.session.timeout.ms: silence after which a broker counts as dead.</param>
public sealed class BrokerSessions(long timeoutMs)
{
    private const long Unknown = -1;

    private readonly SortedDictionary<int, Session> _sessions = [];

    /// <summary>The broker was heard of: it lives for another time-out.</summary>
    public void Touch(int brokerId, long brokerEpoch, long nowMs)
    {
        if (!_sessions.TryGetValue(brokerId, out var session) || session.BrokerEpoch != brokerEpoch)
        {
            _sessions[brokerId] = session = new Session(brokerEpoch);
        }

        session.HeardMs = Math.Max(session.HeardMs, nowMs);
    }

    /// <summary>The broker acts on the metadata log up to here.</summary>
    public void Reached(int brokerId, long metadataOffset)
    {
        var session = _sessions[brokerId];
        session.MetadataOffset = Math.Max(session.MetadataOffset, metadataOffset);
    }

    /// <summary>The offset at which the broker was seen to lead nothing, in its controlled shutdown: the first one told.</summary>
    public long LedNothingAt(int brokerId, long imageOffset)
    {
        var session = _sessions[brokerId];
        session.LedNothingOffset = session.LedNothingOffset == Unknown ? imageOffset : session.LedNothingOffset;
        return session.LedNothingOffset;
    }

    /// <summary>Whether the broker was heard of within the time-out, in whatever incarnation.</summary>
    public bool IsValid(int brokerId, long nowMs) =>
        _sessions.TryGetValue(brokerId, out var session) && nowMs - session.HeardMs < timeoutMs;

    /// <summary>The offset up to which the broker has told that it acts; -1 if it has not.</summary>
    public long MetadataOffset(int brokerId) =>
        _sessions.TryGetValue(brokerId, out var session) ? session.MetadataOffset : Unknown;

    public void Forget(int brokerId) => _sessions.Remove(brokerId);

    public void Clear() => _sessions.Clear();

    /// <summary>The controller itself slept: no one can be blamed for silence that it could not hear.</summary>
    public void Extend(long nowMs)
    {
        foreach (var session in _sessions.Values)
        {
            session.HeardMs = Math.Max(session.HeardMs, nowMs);
        }
    }

    private sealed class Session(long brokerEpoch)
    {
        public long BrokerEpoch { get; } = brokerEpoch;

        public long HeardMs { get; set; } = long.MinValue / 2;

        public long MetadataOffset { get; set; } = Unknown;

        public long LedNothingOffset { get; set; } = Unknown;
    }
}

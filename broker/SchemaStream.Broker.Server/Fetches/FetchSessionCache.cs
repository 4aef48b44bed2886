using System.Security.Cryptography;
using SchemaStream.Protocol;

namespace SchemaStream.Broker.Server.Fetches;

/// <summary>
/// The fetch sessions of this broker's clients and followers, at most so many, and with at most so many partitions in all.
/// Once it is full, a new session takes the place of one that was not used for two minutes; or else, of one that had its
/// two minutes and is smaller, followers counting more than consumers, and new consumers giving way to followers at once.
/// A client that gets no session fetches in full, as before there were any. From any thread.
/// </summary>
internal sealed class FetchSessionCache(int slots, TimeProvider timeProvider, int maxPartitions = FetchSessionCache.DefaultMaxPartitions)
{
    /// <summary>The epoch of a request for a new session.</summary>
    public const int InitialEpoch = 0;

    /// <summary>The epoch of a request that wants no session, or ends the one it names.</summary>
    public const int FinalEpoch = -1;

    // About 150 bytes each.
    private const int DefaultMaxPartitions = 1_000_000;
    private const long EvictionMs = 120_000;

    private readonly Lock _lock = new();
    private readonly Dictionary<int, FetchSession> _sessions = [];
    private long _partitions;
    private long _evictions;

    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _sessions.Count;
            }
        }
    }

    /// <summary>Of all sessions together.</summary>
    public long PartitionCount => Interlocked.Read(ref _partitions);

    public long Evictions => Interlocked.Read(ref _evictions);

    /// <summary>Goes on with a session, which is the caller's until it releases it; no one's with any error.</summary>
    public ErrorCode Continue(int id, int epoch, bool usesTopicIds, out FetchSession? session)
    {
        lock (_lock)
        {
            if (!_sessions.TryGetValue(id, out session))
            {
                return ErrorCode.FetchSessionIdNotFound;
            }

            // One that is in use has been continued by this epoch's owner already, or by someone who is not the owner.
            var error = session.IsInUse || session.Epoch != epoch ? ErrorCode.InvalidFetchSessionEpoch
                : session.UsesTopicIds != usesTopicIds ? ErrorCode.FetchSessionTopicIdError
                : ErrorCode.None;
            if (error != ErrorCode.None)
            {
                session = null;
                return error;
            }

            session.IsInUse = true;
            session.Epoch = Next(epoch);
            session.LastUsedMs = NowMs();
            return ErrorCode.None;
        }
    }

    /// <summary>
    /// After a session's partitions changed: false when it ends here, as nothing is left of it, or as it would have more than
    /// all sessions may.
    /// </summary>
    public bool TryResize(FetchSession session)
    {
        lock (_lock)
        {
            if (!_sessions.ContainsKey(session.Id))
            {
                // Evicted meanwhile; this fetch is still answered.
                return true;
            }

            var partitions = _partitions + session.Count - session.CountedPartitions;
            if (session.Count == 0 || (session.Count > session.CountedPartitions && partitions > maxPartitions))
            {
                RemoveFound(session);
                return false;
            }

            _partitions = partitions;
            session.CountedPartitions = session.Count;
            return true;
        }
    }

    public void Release(FetchSession session)
    {
        lock (_lock)
        {
            session.IsInUse = false;
        }
    }

    /// <summary>Ends a session; there need not be one.</summary>
    public void Remove(int id)
    {
        lock (_lock)
        {
            if (_sessions.TryGetValue(id, out var session))
            {
                RemoveFound(session);
            }
        }
    }

    /// <summary>Ends all: their clients begin new ones.</summary>
    public void Clear()
    {
        lock (_lock)
        {
            foreach (var session in _sessions.Values)
            {
                session.CountedPartitions = 0;
            }

            _sessions.Clear();
            _partitions = 0;
        }
    }

    /// <summary>Whether a session would be kept now, so that none is made in vain.</summary>
    public bool HasRoomFor(bool isPrivileged, int partitions)
    {
        lock (_lock)
        {
            return CanAdd(isPrivileged, partitions, out _);
        }
    }

    /// <summary>Keeps a new session if there is room.</summary>
    /// <returns>Its id; 0, which means none, if there is not.</returns>
    public int Add(FetchSession session)
    {
        lock (_lock)
        {
            if (!CanAdd(session.IsPrivileged, session.Count, out var inTheWay))
            {
                return 0;
            }

            if (inTheWay is not null)
            {
                RemoveFound(inTheWay);
                _evictions++;
            }

            do
            {
                session.Id = RandomNumberGenerator.GetInt32(1, int.MaxValue);
            }
            while (!_sessions.TryAdd(session.Id, session));

            session.Epoch = Next(InitialEpoch);
            session.CreatedMs = session.LastUsedMs = NowMs();
            session.CountedPartitions = session.Count;
            _partitions += session.Count;
            return session.Id;
        }
    }

    /// <summary>0 stays the epoch of new sessions alone.</summary>
    private static int Next(int epoch) => epoch == int.MaxValue ? 1 : epoch + 1;

    private long NowMs() => timeProvider.GetTimestamp() / (timeProvider.TimestampFrequency / 1000);

    private void RemoveFound(FetchSession session)
    {
        _sessions.Remove(session.Id);
        _partitions -= session.CountedPartitions;
        session.CountedPartitions = 0;
    }

    private bool CanAdd(bool isPrivileged, int partitions, out FetchSession? inTheWay)
    {
        inTheWay = null;
        if (partitions == 0 || slots == 0)
        {
            return false;
        }

        if (_sessions.Count >= slots)
        {
            inTheWay = Evictable(isPrivileged, partitions);
            if (inTheWay is null)
            {
                return false;
            }
        }

        return _partitions - (inTheWay?.CountedPartitions ?? 0) + partitions <= maxPartitions;
    }

    /// <summary>Looks through all: only when there is no room, and there are not many.</summary>
    private FetchSession? Evictable(bool isPrivileged, int partitions)
    {
        var nowMs = NowMs();
        FetchSession? oldest = null;
        FetchSession? least = null;
        foreach (var session in _sessions.Values)
        {
            oldest = oldest is null || session.LastUsedMs < oldest.LastUsedMs ? session : oldest;
            var hadItsTime = nowMs - session.CreatedMs > EvictionMs;
            if ((hadItsTime || (isPrivileged && !session.IsPrivileged)) && (least is null || IsLess(session, least)))
            {
                least = session;
            }
        }

        if (oldest is not null && nowMs - oldest.LastUsedMs > EvictionMs)
        {
            return oldest;
        }

        return least is not null && Compare(least, isPrivileged, partitions) < 0 ? least : null;
    }

    private static bool IsLess(FetchSession left, FetchSession right)
    {
        var order = Compare(left, right.IsPrivileged, right.CountedPartitions);
        return order < 0 || (order == 0 && left.Id < right.Id);
    }

    /// <summary>First by privilege, then by size.</summary>
    private static int Compare(FetchSession session, bool isPrivileged, int partitions) =>
        session.IsPrivileged != isPrivileged
            ? session.IsPrivileged.CompareTo(isPrivileged)
            : session.CountedPartitions.CompareTo(partitions);
}

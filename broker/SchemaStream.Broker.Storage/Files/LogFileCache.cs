namespace SchemaStream.Broker.Storage.Files;

/// <summary>
/// Keeps the number of open files near a limit, so that a broker can hold more segments than the process may hold
/// handles. One is shared by all lanes: taking an open file is lock-free, opening one takes the lock.
/// The limit gives way when every open file is in use at the moment.
/// </summary>
public sealed class LogFileCache(int capacity)
{
    /// <summary>Room for a busy broker's working set.</summary>
    public const int LargestCapacity = 8192;

    /// <summary>A process with next to no files to open has bigger worries than that it opens them again and again.</summary>
    private const int SmallestCapacity = 16;

    private readonly Lock _opening = new();
    private readonly List<LogFileHandle> _open = [];
    private int _hand;

    public int Capacity { get; } = capacity > 0
        ? capacity
        : throw new ArgumentOutOfRangeException(nameof(capacity), capacity, "At least one file has to be open.");

    /// <summary>Half of what the process may have open: the rest is for sockets, and for files in use beyond the capacity.</summary>
    /// <param name="openFileLimit">Null where there is none.</param>
    public static int CapacityWithin(ulong? openFileLimit) =>
        (int)Math.Clamp((openFileLimit ?? ulong.MaxValue) / 2, SmallestCapacity, LargestCapacity);

    public int OpenCount
    {
        get
        {
            lock (_opening)
            {
                return _open.Count;
            }
        }
    }

    internal OpenLogFile Open(LogFileHandle handle)
    {
        lock (_opening)
        {
            // Another lane's reader may have opened it while this one waited for the lock.
            if (handle.TryAcquireOpen() is { } opened)
            {
                return opened;
            }

            CloseDownTo(Capacity - 1);
            var open = new OpenLogFile(handle.OpenFile());
            handle.Attach(open);
            _open.Add(handle);
            return open;
        }
    }

    /// <summary>Closes what is open beyond the limit, after many files were in use at once.</summary>
    internal void Trim()
    {
        lock (_opening)
        {
            CloseDownTo(Capacity);
        }
    }

    internal void Close(LogFileHandle handle)
    {
        lock (_opening)
        {
            if (_open.Remove(handle))
            {
                handle.Detach()?.Release();
            }
        }
    }

    /// <summary>The clock algorithm: a file used since the hand last passed gets one more round.</summary>
    private void CloseDownTo(int count)
    {
        for (var steps = 2 * _open.Count; steps > 0 && _open.Count > count; steps--)
        {
            _hand = _hand >= _open.Count ? 0 : _hand;
            var candidate = _open[_hand];
            if (candidate.TakeUsed() || !candidate.TryEvict())
            {
                _hand++;
                continue;
            }

            _open[_hand] = _open[^1];
            _open.RemoveAt(_open.Count - 1);
        }
    }
}

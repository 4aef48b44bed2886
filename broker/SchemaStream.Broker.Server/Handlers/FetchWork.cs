using SchemaStream.Broker.Runtime.Access;

namespace SchemaStream.Broker.Server.Handlers;

/// <summary>
/// What a fetch asks the runtime, and what it got, from the request to the last byte sent. Used again for later fetches:
/// a consumer or follower fetches for ever.
/// </summary>
internal sealed class FetchWork(FetchWorkPool pool) : IDisposable
{
    private FetchReadResult? _result;

    /// <summary>What is asked for outside of any session.</summary>
    public List<FetchPartition> Wanted { get; } = [];

    public FetchQuery Query { get; } = new() { Partitions = [], MinBytes = 0, MaxBytes = 0, MaxWait = TimeSpan.Zero };

    public void Begin() => Wanted.Clear();

    /// <summary>Keeps what the answer's payloads lie in.</summary>
    public void Keep(FetchReadResult result) => _result = result;

    /// <summary>The answer is sent, or will not be.</summary>
    public void Dispose()
    {
        var result = _result;
        _result = null;
        result?.Dispose();
        Query.Partitions = [];
        pool.Return(this);
    }
}

/// <summary>Fetches that are not under way. More than the limit, or very large ones, are left to the garbage collector.</summary>
internal sealed class FetchWorkPool
{
    private const int MaxIdle = 64;
    private const int MaxKeptPartitions = 8192;

    private readonly Lock _lock = new();
    private readonly Stack<FetchWork> _idle = new();

    public FetchWork Rent()
    {
        FetchWork? work;
        lock (_lock)
        {
            _idle.TryPop(out work);
        }

        work ??= new FetchWork(this);
        work.Begin();
        return work;
    }

    public void Return(FetchWork work)
    {
        if (work.Wanted.Capacity > MaxKeptPartitions)
        {
            return;
        }

        lock (_lock)
        {
            if (_idle.Count < MaxIdle)
            {
                _idle.Push(work);
            }
        }
    }
}

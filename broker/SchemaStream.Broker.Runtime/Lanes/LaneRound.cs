namespace SchemaStream.Broker.Runtime.Lanes;

/// <summary>
/// The same work for many owners on one lane, in pieces: ten thousand of them cost a few posts, and nothing else on the lane
/// waits for all of them. One that fails goes offline; the others are gone on with.
/// </summary>
internal sealed class LaneRound<T>(Lane lane, Func<T, ILaneOwner> ownerOf, Action<T, Lane> work) : LaneCommand
{
    /// <summary>Done in one go.</summary>
    private const int PieceLength = 64;

    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _next;

    public List<T> Items { get; } = [];

    protected internal override ILaneOwner? Owner => _next < Items.Count ? ownerOf(Items[_next]) : null;

    /// <summary>Completes when all were worked on, or the lane takes no more work. Never fails.</summary>
    public Task RunAsync()
    {
        lane.Post(this);
        return _done.Task;
    }

    protected internal override void Execute(Lane onLane)
    {
        for (var end = Math.Min(_next + PieceLength, Items.Count); _next < end; _next++)
        {
            work(Items[_next], onLane);
        }

        if (_next < Items.Count)
        {
            onLane.Post(this);
        }
        else
        {
            _done.TrySetResult();
        }
    }

    protected internal override void Fail(Exception cause)
    {
        if (cause is LaneClosedException)
        {
            _done.TrySetResult();
            return;
        }

        _next++;
        lane.Post(this);
    }
}

using SchemaStream.Registry.Logs;

namespace SchemaStream.Registry;

/// <summary>How far a registry has read, for those who wait for a place in the log.</summary>
internal sealed class Progress
{
    private readonly Lock _lock = new();
    private readonly List<(LogEnds Ends, TaskCompletionSource Reached)> _waiting = [];
    private LogEnds _ends;

    public LogEnds Ends
    {
        get
        {
            lock (_lock)
            {
                return _ends;
            }
        }
    }

    public Task ReachedAsync(LogEnds ends)
    {
        lock (_lock)
        {
            if (_ends.Covers(ends))
            {
                return Task.CompletedTask;
            }

            var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Add((ends, reached));
            return reached.Task;
        }
    }

    public void Report(LogEnds ends)
    {
        lock (_lock)
        {
            _ends = ends;
            _waiting.RemoveAll(waiter => ends.Covers(waiter.Ends) && waiter.Reached.TrySetResult());
        }
    }
}

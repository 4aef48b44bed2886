using SchemaStream.Transport.Wire.Connections;

namespace SchemaStream.Transport.Wire.Producing;

/// <summary>What one broker's loop knows: its wake-up, and its requests that are not answered yet.</summary>
/// <param name="nodeId">The broker.</param>
internal sealed class Sender(int nodeId)
{
    private readonly Lock _lock = new();
    private TaskCompletionSource? _answered;
    private int _unanswered;

    public int NodeId => nodeId;

    public Wakeup Wakeup { get; } = new();

    /// <summary>Requests to be used again; under the producer's lock.</summary>
    public Stack<ProduceTurn> Spare { get; } = new();

    /// <summary>What is done with an answer; made once.</summary>
    public Action<ProduceTurn>? Heard { get; set; }

    /// <summary>Nothing is sent to it before then: the broker wants to be left alone (KIP-219). Under the producer's lock.</summary>
    public long HeldUntilMs { get; set; }

    /// <summary>Whether its connection is of no more use; under the producer's lock.</summary>
    public bool IsBroken { get; set; }

    /// <summary>Whether there ever was a connection to it; under the producer's lock.</summary>
    public bool HasConnected { get; set; }

    public int Unanswered => Volatile.Read(ref _unanswered);

    /// <summary>A request goes out.</summary>
    public void Begin()
    {
        lock (_lock)
        {
            _unanswered++;
        }
    }

    /// <summary>A request is answered, or will not be.</summary>
    public void End()
    {
        TaskCompletionSource? answered = null;
        lock (_lock)
        {
            if (--_unanswered == 0)
            {
                (answered, _answered) = (_answered, null);
            }
        }

        answered?.TrySetResult();
    }

    /// <summary>Completes when no request is unanswered: what failed with a connection is known before the next one is used.</summary>
    public async Task WhenAnsweredAsync()
    {
        Task waiting;
        lock (_lock)
        {
            waiting = _unanswered == 0
                ? Task.CompletedTask
                : (_answered ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
        }

        await waiting.ConfigureAwait(false);
        IsBroken = false;
    }
}

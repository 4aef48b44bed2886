namespace SchemaStream.Broker;

/// <summary>How long a stop may take, and how much of that may be spent on others: closing logs has to have its share.</summary>
internal sealed class StopLimit(TimeSpan timeout, TimeProvider timeProvider)
{
    public TimeSpan Timeout => timeout;

    /// <summary>Ends with the whole time; begins now.</summary>
    public CancellationTokenSource All() => new(timeout, timeProvider);

    /// <summary>Ends with two thirds of it; begins now.</summary>
    public CancellationTokenSource ForClients() => new(timeout * 2 / 3, timeProvider);

    /// <summary>False when the time was up first; what is under way goes on all the same.</summary>
    public static async Task<bool> WithinAsync(Task work, CancellationTokenSource limit)
    {
        try
        {
            await work.WaitAsync(limit.Token).ConfigureAwait(false);
            return true;
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested && !work.IsCompleted)
        {
            return false;
        }
    }
}

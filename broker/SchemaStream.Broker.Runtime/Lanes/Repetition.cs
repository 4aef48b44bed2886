namespace SchemaStream.Broker.Runtime.Lanes;

/// <summary>
/// Work that is done again and again beside the lanes. What fails once is told and tried again at its next time: like a
/// lane, a repetition outlives whatever its work throws.
/// </summary>
internal static class Repetition
{
    /// <summary>Until <paramref name="stopping"/>; what is under way then is finished.</summary>
    public static async Task EveryAsync(
        TimeSpan interval, TimeProvider timeProvider, Func<Task> work, Action<Exception> failed, CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(interval, timeProvider);
        while (await NextAsync(timer, stopping).ConfigureAwait(false))
        {
            try
            {
                await work().ConfigureAwait(false);
            }
            catch (Exception cause)
            {
                failed(cause);
            }
        }
    }

    private static async Task<bool> NextAsync(PeriodicTimer timer, CancellationToken stopping)
    {
        try
        {
            return await timer.WaitForNextTickAsync(stopping).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}

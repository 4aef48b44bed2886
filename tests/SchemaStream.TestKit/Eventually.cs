namespace SchemaStream.TestKit;

/// <summary>For what a cluster comes to by itself, and tells only to who asks: asked again until it is so.</summary>
public static class Eventually
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    /// <summary>The first answer that fits.</summary>
    /// <exception cref="TimeoutException">None came in time.</exception>
    public static async Task<T> GetAsync<T>(Func<Task<T>> ask, Func<T, bool> fits, string what)
    {
        using var deadline = new CancellationTokenSource(TestTime.Limit);
        using var pause = new PeriodicTimer(Pause);
        try
        {
            while (true)
            {
                var answer = await ask().WaitAsync(deadline.Token);
                if (fits(answer))
                {
                    return answer;
                }

                await pause.WaitForNextTickAsync(deadline.Token);
            }
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"In {TestTime.Limit} it did not come to this: {what}");
        }
    }
}

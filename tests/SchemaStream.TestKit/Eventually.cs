namespace SchemaStream.TestKit;

/// <summary>For what a cluster comes to by itself, and tells only to who asks: asked again until it is so.</summary>
public static class Eventually
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    /// <summary>Returns once it is so.</summary>
    /// <exception cref="TimeoutException">It is not in time.</exception>
    public static Task TrueAsync(Func<bool> isSo, string what = "what is waited for") =>
        GetAsync(() => Task.FromResult(isSo()), isTrue => isTrue, what);

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

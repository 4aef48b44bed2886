namespace Shop.Demo.Driving;

/// <summary>Customers at a steady rate for a while.</summary>
internal static class Load
{
    private const int MostAtOnce = 32;

    /// <summary>Returns when the time is over and the last one has an answer.</summary>
    public static async Task RunAsync(ShopClient client, TimeSpan duration, int perSecond, CancellationToken cancellationToken)
    {
        var began = TimeProvider.System.GetTimestamp();
        await Parallel.ForEachAsync(
            Arrivals(),
            new ParallelOptions { MaxDegreeOfParallelism = MostAtOnce, CancellationToken = cancellationToken },
            async (number, token) => await client.ShopOnceAsync(number, token));

        async IAsyncEnumerable<int> Arrivals()
        {
            using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1.0 / perSecond), TimeProvider.System);
            for (var number = 0; TimeProvider.System.GetElapsedTime(began) < duration; number++)
            {
                await timer.WaitForNextTickAsync(cancellationToken);
                yield return number;
            }
        }
    }
}

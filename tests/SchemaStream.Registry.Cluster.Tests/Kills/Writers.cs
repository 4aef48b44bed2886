using System.Collections.Concurrent;
using SchemaStream.TestKit;

namespace SchemaStream.Registry.Cluster.Tests.Kills;

/// <summary>Many writers at registries that are killed, and everything that was acknowledged to any of them.</summary>
/// <remarks>
/// They write in rounds. Between a kill and the next round there is only what the kill has interrupted: writers that never
/// paused would fill the log faster than a registry that starts can read it.
/// </remarks>
internal sealed class Writers : IDisposable
{
    private const int WritesPerRound = 5;

    private readonly IRegistries _registries;
    private readonly int _count;
    private readonly SemaphoreSlim _turns = new(0);
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentBag<Registration> _acknowledged = [];
    private readonly List<Task> _running;

    public Writers(IRegistries registries, int count)
    {
        _registries = registries;
        _count = count;
        _running = [.. Enumerable.Range(0, count).Select(RunAsync)];
    }

    /// <summary>Lets every writer write, and kills the leader in the middle of it; returns when all has been acknowledged.</summary>
    public async Task RoundAsync()
    {
        var before = _acknowledged.Count;
        _turns.Release(_count * WritesPerRound);
        await Eventually.TrueAsync(() => _acknowledged.Count >= before + _count, "writes go on");
        await _registries.KillLeaderAsync();
        await Eventually.TrueAsync(() => _acknowledged.Count >= before + (_count * WritesPerRound), "all is acknowledged");
    }

    /// <summary>Ids are dense and each stands for one schema; every instance has everything that was acknowledged.</summary>
    public async Task ShouldAgreeAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_running);
        var acknowledged = _acknowledged.ToList();
        var bySchema = acknowledged.GroupBy(r => r.Schema).ToDictionary(g => g.Key, g => g.Select(r => r.Id).Distinct().ToList());
        bySchema.ShouldAllBe(schema => schema.Value.Count == 1, "a schema has one id");
        var ids = bySchema.Values.Select(id => id.Single()).Order().ToList();
        ids.ShouldBe(Enumerable.Range(1, ids.Count), "ids are unique and dense");
        acknowledged.GroupBy(r => (r.Subject, r.Version)).ShouldAllBe(
            version => version.Select(r => r.Schema).Distinct().Count() == 1, "a version is one schema");

        var expected = acknowledged.Select(r => (r.Subject, r.Version, r.Id)).Distinct().Order().ToList();
        foreach (var registry in _registries.All)
        {
            await Eventually.GetAsync(
                registry.HeldAsync, held => held.SequenceEqual(expected), $"{registry.Address} has all {expected.Count}");
        }
    }

    public void Dispose()
    {
        _stop.Cancel();
        _stop.Dispose();
        _turns.Dispose();
    }

    private async Task RunAsync(int number)
    {
        var random = new Random(number);
        try
        {
            for (var i = 0; ; i++)
            {
                await _turns.WaitAsync(_stop.Token);

                // Half of the schemas are this writer's own, half are raced for by all of them.
                await RegisterAsync(i % 2 == 0 ? $"W{number}R{i}" : $"Shared{i}", random);
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // All rounds are over.
        }
    }

    /// <summary>What was not acknowledged may be there or not: it is asked for until it is, so that no id stays unaccounted for.</summary>
    private async Task RegisterAsync(string schema, Random random)
    {
        var subject = $"{schema}-value";
        while (true)
        {
            _stop.Token.ThrowIfCancellationRequested();
            try
            {
                var (status, body) = await _registries.Any(random).RegisterAsync(subject, Avro.Record(schema));
                if (status == 200)
                {
                    _acknowledged.Add(new Registration(
                        subject, schema, body.GetProperty("id").GetInt32(), body.GetProperty("version").GetInt32()));
                    return;
                }

                status.ShouldBe(500, body.ToString());
            }
            catch (Exception killed) when (killed is HttpRequestException or IOException or TaskCanceledException or ObjectDisposedException)
            {
                // The instance was killed in the middle of it.
            }
        }
    }

    /// <summary>What an instance has answered to a registration.</summary>
    private sealed record Registration(string Subject, string Schema, int Id, int Version);
}

using System.Collections.Concurrent;
using SchemaStream.TestKit;

namespace SchemaStream.Registry.Cluster.Tests.Kills;

/// <summary>Instances that come and go, and everything that any of them has acknowledged.</summary>
internal sealed class InstanceGroup : IAsyncDisposable
{
    private readonly string _bootstrapServers;
    private readonly List<Instance> _dead = [];
    private Instance[] _live = [];

    private InstanceGroup(string bootstrapServers) => _bootstrapServers = bootstrapServers;

    public ConcurrentBag<Registration> Acknowledged { get; } = [];

    public static async Task<InstanceGroup> StartAsync(string bootstrapServers, int instances)
    {
        var group = new InstanceGroup(bootstrapServers);
        group._live = await Task.WhenAll(Enumerable.Range(0, instances).Select(_ => group.StartOneAsync()));
        return group;
    }

    public Instance Any(Random random)
    {
        var live = Volatile.Read(ref _live);
        return live[random.Next(live.Length)];
    }

    /// <summary>Kills whoever leads, and starts another one in its place.</summary>
    public async Task KillLeaderAsync()
    {
        var leader = await Eventually.GetAsync(FindLeaderAsync, found => found is not null, "an instance leads");
        await leader!.VanishAsync();
        _dead.Add(leader);
        var replacement = await StartOneAsync();
        Volatile.Write(ref _live, [.. _live.Where(instance => instance != leader), replacement]);
    }

    /// <summary>Ids are dense and each stands for one schema; every instance has everything that was acknowledged.</summary>
    public async Task ShouldAgreeAsync()
    {
        var acknowledged = Acknowledged.ToList();
        var bySchema = acknowledged.GroupBy(r => r.Schema).ToDictionary(g => g.Key, g => g.Select(r => r.Id).Distinct().ToList());
        bySchema.ShouldAllBe(schema => schema.Value.Count == 1, "a schema has one id");
        var ids = bySchema.Values.Select(id => id.Single()).Order().ToList();
        ids.ShouldBe(Enumerable.Range(1, ids.Count), "ids are unique and dense");
        acknowledged.GroupBy(r => (r.Subject, r.Version)).ShouldAllBe(
            version => version.Select(r => r.Schema).Distinct().Count() == 1, "a version is one schema");

        var expected = acknowledged.Select(r => (r.Subject, r.Version, r.Id)).Distinct().Order().ToList();
        foreach (var instance in _live)
        {
            await Eventually.GetAsync(
                () => HeldAsync(instance), held => held.SequenceEqual(expected), $"{instance.Host.BaseAddress} has all {expected.Count}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var instance in _live.Concat(_dead))
        {
            await instance.DisposeAsync();
        }
    }

    private static async Task<List<(string Subject, int Version, int Id)>> HeldAsync(Instance instance)
    {
        var (_, body) = await instance.GetAsync("/schemas?limit=1000000");
        var held = new List<(string, int, int)>();
        for (var offset = 0; ; offset = held.Count)
        {
            (_, body) = await instance.GetAsync($"/schemas?offset={offset}&limit=1000");
            var page = body.EnumerateArray().Select(schema => (
                schema.GetProperty("subject").GetString()!,
                schema.GetProperty("version").GetInt32(),
                schema.GetProperty("id").GetInt32())).ToList();
            held.AddRange(page);
            if (page.Count == 0)
            {
                held.Sort();
                return held;
            }
        }
    }

    private async Task<Instance?> FindLeaderAsync()
    {
        foreach (var instance in _live)
        {
            if (await instance.LeadsAsync())
            {
                return instance;
            }
        }

        return null;
    }

    private Task<Instance> StartOneAsync() => Instance.StartAsync(
        _bootstrapServers,
        store => store with
        {
            SessionTimeout = TimeSpan.FromSeconds(1),
            HeartbeatInterval = TimeSpan.FromMilliseconds(200),
            LeaderTimeout = TimeSpan.FromSeconds(3),
        });
}

/// <summary>What an instance has answered to a registration.</summary>
internal sealed record Registration(string Subject, string Schema, int Id, int Version);

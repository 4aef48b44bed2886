namespace SchemaStream.Registry.Cluster.Tests.Kills;

/// <summary>Instances in this process that vanish as killed ones do.</summary>
internal sealed class InstanceGroup : IRegistries
{
    private readonly string _bootstrapServers;
    private readonly List<Instance> _gone = [];
    private (Instance Instance, RegistryCaller Caller)[] _live = [];

    private InstanceGroup(string bootstrapServers) => _bootstrapServers = bootstrapServers;

    public IReadOnlyList<RegistryCaller> All => [.. Volatile.Read(ref _live).Select(live => live.Caller)];

    public static async Task<InstanceGroup> StartAsync(string bootstrapServers, int instances)
    {
        var group = new InstanceGroup(bootstrapServers);
        group._live = await Task.WhenAll(Enumerable.Range(0, instances).Select(_ => group.StartOneAsync()));
        return group;
    }

    public RegistryCaller Any(Random random)
    {
        var live = Volatile.Read(ref _live);
        return live[random.Next(live.Length)].Caller;
    }

    public async Task KillLeaderAsync()
    {
        var leader = await Leaders.FindAsync(this);
        var (instance, _) = Array.Find(_live, live => live.Caller == leader);
        await instance.VanishAsync();
        _gone.Add(instance);
        var replacement = await StartOneAsync();
        Volatile.Write(ref _live, [.. _live.Where(live => live.Instance != instance), replacement]);
        leader.Dispose();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var (instance, caller) in _live)
        {
            caller.Dispose();
            await instance.DisposeAsync();
        }

        foreach (var instance in _gone)
        {
            await instance.DisposeAsync();
        }
    }

    private async Task<(Instance Instance, RegistryCaller Caller)> StartOneAsync()
    {
        var instance = await Instance.StartAsync(
            _bootstrapServers,
            store => store with { SessionTimeout = TimeSpan.FromSeconds(1), HeartbeatInterval = TimeSpan.FromMilliseconds(200) });
        return (instance, new RegistryCaller(instance.Host.BaseAddress));
    }
}

using SchemaStream.TestKit;

namespace SchemaStream.Registry.Cluster.Tests.Kills;

/// <summary>Registries as operators run them, <c>schemastream registry</c>, ended by SIGKILL.</summary>
internal sealed class ProcessGroup : IRegistries
{
    private const string ReadyPrefix = "ready registry=";

    private readonly string _bootstrapServers;
    private (ProgramProcess Process, RegistryCaller Caller)[] _live = [];

    private ProcessGroup(string bootstrapServers) => _bootstrapServers = bootstrapServers;

    public IReadOnlyList<RegistryCaller> All => [.. Volatile.Read(ref _live).Select(live => live.Caller)];

    public static async Task<ProcessGroup> StartAsync(string bootstrapServers, int instances)
    {
        var group = new ProcessGroup(bootstrapServers);
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
        var (process, _) = Array.Find(_live, live => live.Caller == leader);
        await process.KillAsync();
        await process.DisposeAsync();
        var replacement = await StartOneAsync();
        Volatile.Write(ref _live, [.. _live.Where(live => live.Process != process), replacement]);
        leader.Dispose();
    }

    /// <summary>Sends each of them SIGTERM, and returns their exit codes.</summary>
    public async Task<IReadOnlyList<int>> StopAsync()
    {
        var codes = new List<int>();
        foreach (var (process, _) in _live)
        {
            codes.Add(await process.StopAsync());
        }

        return codes;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var (process, caller) in _live)
        {
            caller.Dispose();
            await process.DisposeAsync();
        }
    }

    private async Task<(ProgramProcess Process, RegistryCaller Caller)> StartOneAsync()
    {
        var process = await ProgramProcess.StartAsync(
            "registry",
            "--set", "listeners=http://127.0.0.1:0",
            "--set", $"kafkastore.bootstrap.servers={_bootstrapServers}",
            "--no-environment");
        return (process, new RegistryCaller(new Uri(process.ReadyLine[ReadyPrefix.Length..].Split(' ')[0])));
    }
}

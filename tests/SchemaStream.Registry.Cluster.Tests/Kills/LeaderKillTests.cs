using SchemaStream.TestKit;

namespace SchemaStream.Registry.Cluster.Tests.Kills;

/// <summary>Three instances on one broker, many writers, and a leader that is killed again and again in the middle of it.</summary>
public sealed class LeaderKillTests
{
    [Fact]
    public Task Register_WhileTheLeaderIsKilled_LosesNothingAndGivesEachSchemaOneId() => VanishAsync(writers: 200, kills: 3);

    [Fact]
    [Trait("Category", "Long")]
    public Task Register_WhileTheLeaderIsKilledForLong_LosesNothingAndGivesEachSchemaOneId() => VanishAsync(writers: 200, kills: 40);

    [Fact]
    public Task Register_WhileProcessesAreKilled_LosesNothingAndGivesEachSchemaOneId() => KillAsync(writers: 50, kills: 1);

    [Fact]
    [Trait("Category", "Long")]
    public Task Register_WhileProcessesAreKilledForLong_LosesNothingAndGivesEachSchemaOneId() => KillAsync(writers: 200, kills: 10);

    private static async Task VanishAsync(int writers, int kills)
    {
        await using var broker = await LoneBroker.StartAsync(("group.min.session.timeout.ms", "500"));
        await using var group = await InstanceGroup.StartAsync(broker.BootstrapServers, instances: 3);
        await RunAsync(group, writers, kills);
    }

    private static async Task KillAsync(int writers, int kills)
    {
        await using var broker = await LoneBroker.StartAsync();
        await using var group = await ProcessGroup.StartAsync(broker.BootstrapServers, instances: 3);
        await RunAsync(group, writers, kills);

        (await group.StopAsync()).ShouldAllBe(code => code == 0);
    }

    private static async Task RunAsync(IRegistries group, int writers, int kills)
    {
        using var work = new Writers(group, writers);
        for (var kill = 0; kill < kills; kill++)
        {
            await work.RoundAsync();
        }

        await work.ShouldAgreeAsync();
    }
}

using SchemaStream.TestKit;

namespace SchemaStream.Registry.Cluster.Tests.Kills;

/// <summary>Three instances on one broker, many writers, and a leader that is killed again and again in the middle of it.</summary>
public sealed class LeaderKillTests
{
    [Fact]
    public Task Register_WhileTheLeaderIsKilled_LosesNothingAndGivesEachSchemaOneId() => RunAsync(writers: 200, kills: 3);

    [Fact]
    [Trait("Category", "Long")]
    public Task Register_WhileTheLeaderIsKilledForLong_LosesNothingAndGivesEachSchemaOneId() => RunAsync(writers: 200, kills: 12);

    private static async Task RunAsync(int writers, int kills)
    {
        await using var broker = await LoneBroker.StartAsync(("group.min.session.timeout.ms", "500"));
        await using var group = await InstanceGroup.StartAsync(broker.BootstrapServers, instances: 3);
        using var stop = new CancellationTokenSource();
        var work = Enumerable.Range(0, writers).Select(n => new Writer(n, group).RunAsync(stop.Token)).ToList();

        for (var kill = 0; kill < kills; kill++)
        {
            // In the middle of writes: some have been answered since the last kill, and many wait.
            var before = group.Acknowledged.Count;
            await Eventually.TrueAsync(() => group.Acknowledged.Count >= before + writers, "writes go on");
            await group.KillLeaderAsync();
        }

        await stop.CancelAsync();
        await Task.WhenAll(work);
        await group.ShouldAgreeAsync();
    }
}

namespace SchemaStream.Simulation.Quorum;

/// <summary>
/// A hundred seeds of every run, thousands of the long one. One that fails is named with its shape: <see cref="Replay"/>
/// runs it alone.
/// </summary>
public sealed class QuorumSimulationTests
{
    private const int Seeds = 25;
    private const int LongSeeds = 1_000;
    private const long StormMs = 20_000;
    private const long CalmMs = 10_000;

    public static TheoryData<int, int> Shapes() => new() { { 1, 1 }, { 3, 0 }, { 3, 2 }, { 5, 1 } };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Quorum_KeepsItsPromises_WhateverHappens(int voters, int observers) => ReplayAll(Seeds, voters, observers);

    [Theory]
    [Trait("Category", "Long")]
    [MemberData(nameof(Shapes))]
    public void Quorum_KeepsItsPromises_InTheLongRun(int voters, int observers) => ReplayAll(LongSeeds, voters, observers);

    private static void ReplayAll(int seeds, int voters, int observers)
    {
        var acknowledged = 0;
        for (var seed = 0; seed < seeds; seed++)
        {
            acknowledged += Replay(seed, voters, observers);
        }

        acknowledged.ShouldBeGreaterThan(seeds * 100, "a simulation in which hardly anything is acknowledged proves little");
    }

    private static int Replay(int seed, int voters, int observers)
    {
        var quorum = new SimulatedQuorum(seed, voters, observers);
        try
        {
            quorum.Run(StormMs, CalmMs);

            var leader = quorum.Nodes.Where(node => node.Machine!.IsLeader).ShouldHaveSingleItem("after the storm one node leads: " + string.Join("; ", quorum.Nodes.Select(n => n.Machine!.ToString())));
            foreach (var node in quorum.Nodes)
            {
                (leader.Machine!.HighWatermark - node.Machine!.HighWatermark).ShouldBeLessThan(100, $"node {node.Id} has not caught up");
            }

            return quorum.Acknowledged;
        }
        catch (Exception e)
        {
            throw new InvalidOperationException($"seed {seed}, {voters} voters, {observers} observers, at {quorum.NowMs} ms: {e.Message}", e);
        }
    }
}

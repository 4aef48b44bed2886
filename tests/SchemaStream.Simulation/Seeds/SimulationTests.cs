namespace SchemaStream.Simulation.Seeds;

/// <summary>Hundreds of seeds of every run. One that fails says the command that replays it alone, step by step.</summary>
public sealed class SimulationTests
{
    [Theory]
    [InlineData("quorum-1", 40, 400)]
    [InlineData("quorum-3", 120, 200)]
    [InlineData("quorum-3-2", 60, 200)]
    [InlineData("quorum-5", 60, 200)]
    [InlineData("reigns", 120, 20)]
    public void Promises_AreKept_WhateverHappens(string shape, int seeds, int acknowledgedPerSeed)
    {
        var scenario = Scenarios.Find(shape).ShouldNotBeNull();
        var acknowledged = 0L;
        for (var seed = 0; seed < seeds; seed++)
        {
            var outcome = SeedRun.Try(scenario, seed);
            outcome.Failure.ShouldBeNull();
            acknowledged += outcome.Acknowledged;
        }

        acknowledged.ShouldBeGreaterThan((long)seeds * acknowledgedPerSeed, "a simulation in which hardly anything is acknowledged proves little");
    }

    [Fact]
    public void Seed_HasOneSchedule()
    {
        foreach (var scenario in Scenarios.All)
        {
            Trace(scenario, seed: 7).ShouldBe(Trace(scenario, seed: 7), $"the same seed of {scenario.Name} went two ways");
        }
    }

    private static string Trace(Scenario scenario, int seed)
    {
        using var trace = new StringWriter();
        SeedRun.Try(scenario, seed, trace: trace).Failure.ShouldBeNull();
        trace.ToString().ShouldNotBeEmpty();
        return trace.ToString();
    }
}

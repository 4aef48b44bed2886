namespace SchemaStream.Simulation.Seeds;

/// <summary>Hundreds of seeds of every run. One that fails says the command that replays it alone, step by step.</summary>
public sealed class SimulationTests
{
    private const int LongRun = 10;

    public static TheoryData<string> Shapes() => [.. Scenarios.All.Select(scenario => scenario.Name)];

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Promises_AreKept_WhateverHappens(string shape)
    {
        var scenario = Scenarios.Find(shape).ShouldNotBeNull();
        Try(scenario, 0, scenario.ShortRun);
    }

    [Theory]
    [Trait("Category", "Long")]
    [MemberData(nameof(Shapes))]
    public void Promises_AreKept_InTheLongRun(string shape)
    {
        var scenario = Scenarios.Find(shape).ShouldNotBeNull();
        Try(scenario, scenario.ShortRun, LongRun * scenario.ShortRun);
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Seed_HasOneSchedule(string shape)
    {
        var scenario = Scenarios.Find(shape).ShouldNotBeNull();

        Trace(scenario, seed: 7).ShouldBe(Trace(scenario, seed: 7), $"the same seed of {shape} went two ways");
    }

    private static void Try(Scenario scenario, int first, int seeds)
    {
        var acknowledged = 0L;
        for (var seed = first; seed < first + seeds; seed++)
        {
            var outcome = SeedRun.Try(scenario, seed);
            outcome.Failure.ShouldBeNull();
            acknowledged += outcome.Acknowledged;
        }

        acknowledged.ShouldBeGreaterThan(
            (long)seeds * scenario.LeastAcknowledged, "a world in which hardly anything is acknowledged proves little");
    }

    private static string Trace(Scenario scenario, int seed)
    {
        using var trace = new StringWriter();
        SeedRun.Try(scenario, seed, trace: trace).Failure.ShouldBeNull();
        trace.ToString().ShouldNotBeEmpty();
        return trace.ToString();
    }
}

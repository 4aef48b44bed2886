using SchemaStream.Simulation.Seeds;

namespace SchemaStream.Simulation.Planted;

/// <summary>
/// The simulator bites: each planted bug is found within the seeds stated here, in the world that finds it soonest; and
/// the same seeds without it are clean, which <see cref="SimulationTests"/> shows.
/// </summary>
public sealed class PlantedBugTests
{
    [Theory]
    [InlineData(nameof(Bug.DoubleVote), "reigns", 60)]
    [InlineData(nameof(Bug.CommitOlderEpochByCounting), "reigns", 60)]
    public void Bug_IsFound_WithinSoManySeeds(string bug, string shape, int seeds)
    {
        var scenario = Scenarios.Find(shape).ShouldNotBeNull();
        var found = Enumerable.Range(0, seeds).Any(seed => SeedRun.Try(scenario, seed, Enum.Parse<Bug>(bug)).Failure is not null);

        found.ShouldBeTrue($"{seeds} seeds of {shape} did not find {bug}");
    }
}

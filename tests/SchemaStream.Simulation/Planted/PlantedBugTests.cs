using SchemaStream.Simulation.Seeds;

namespace SchemaStream.Simulation.Planted;

/// <summary>
/// The simulator bites: each planted bug is found within the seeds stated here, in the world that finds it soonest. The
/// same seeds without it are clean: they are among those that <see cref="SimulationTests"/> tries.
/// </summary>
public sealed class PlantedBugTests
{
    [Theory]
    [InlineData(nameof(Bug.DoubleVote), "reigns", 60)]
    [InlineData(nameof(Bug.CommitOlderEpochByCounting), "reigns", 100)]
    [InlineData(nameof(Bug.AcknowledgeBeforePersisting), "quorum-1", 50)]
    [InlineData(nameof(Bug.AcceptStaleAlterPartition), "partings", 25)]
    [InlineData(nameof(Bug.ElectOutsideIsr), "cluster-3", 10)]
    [InlineData(nameof(Bug.AdvanceWithoutWholeIsr), "cluster-3", 10)]
    [InlineData(nameof(Bug.TruncateToHighWatermark), "pairs", 40)]
    [InlineData(nameof(Bug.KeepProducersOfTruncatedBatches), "pairs", 40)]
    public void Bug_IsFound_WithinSoManySeeds(string bug, string shape, int seeds)
    {
        var scenario = Scenarios.Find(shape).ShouldNotBeNull();
        seeds.ShouldBeLessThanOrEqualTo(scenario.ShortRun, "the same seeds are to be seen clean without the bug");

        var found = Enumerable.Range(0, seeds).Any(seed => SeedRun.Try(scenario, seed, Enum.Parse<Bug>(bug)).Failure is not null);

        found.ShouldBeTrue($"{seeds} seeds of {shape} did not find {bug}");
    }

    [Fact]
    public void Bug_ThatIsPlanted_IsLookedFor()
    {
        var lookedFor = typeof(PlantedBugTests).GetMethod(nameof(Bug_IsFound_WithinSoManySeeds))!
            .GetCustomAttributesData()
            .Where(attribute => attribute.AttributeType == typeof(InlineDataAttribute))
            .Select(attribute => ((IReadOnlyCollection<System.Reflection.CustomAttributeTypedArgument>)attribute.ConstructorArguments[0].Value!).First().Value);

        lookedFor.ShouldBe(Enum.GetNames<Bug>().Where(name => name != nameof(Bug.None)), ignoreOrder: true);
    }
}

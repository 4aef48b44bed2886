using System.Globalization;
using SchemaStream.Simulation.Planted;
using SchemaStream.Simulation.Schedules;

namespace SchemaStream.Simulation.Seeds;

/// <summary>What came of one seed: how much was acknowledged, and what was broken.</summary>
internal sealed record Outcome(int Acknowledged, Exception? Failure, string Replay);

/// <summary>Runs one seed of one scenario.</summary>
internal static class SeedRun
{
    public static Outcome Try(Scenario scenario, int seed, Bug bug = Bug.None, TextWriter? trace = null)
    {
        var replay = Replay(scenario, seed, bug);
        var schedule = new Schedule(seed, trace);
        using var planted = new PlantedBug(bug);
        try
        {
            return new Outcome(scenario.Run(schedule), null, replay);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // Whatever it is, a broken promise or a machine that threw: the seed has found something.
            return new Outcome(0, new SeedFailedException(
                $"{scenario.Name}, seed {seed}, at {schedule.NowMs} ms: {e.Message}\nreplay: {replay}", e), replay);
        }
    }

    private static string Replay(Scenario scenario, int seed, Bug bug) => string.Create(
        CultureInfo.InvariantCulture,
        $"dotnet run -c Release --project tests/SchemaStream.Simulation -- --shape {scenario.Name} --first {seed} --seeds 1 --trace")
        + (bug == Bug.None ? "" : $" --bug {bug}");
}

/// <summary>A seed in which a promise was broken; the message ends with the command that replays it.</summary>
internal sealed class SeedFailedException(string message, Exception inner) : Exception(message, inner);

using System.Diagnostics;
using System.Globalization;
using SchemaStream.Simulation.Planted;
using SchemaStream.Simulation.Seeds;

namespace SchemaStream.Simulation;

/// <summary>As many seeds as one likes, over all cores; a seed that fails prints the command that replays it.</summary>
internal static class Program
{
    private const string Usage = """
        dotnet run -c Release --project tests/SchemaStream.Simulation -- [options]
          --shape NAME    which world; may be repeated; all by default
          --seeds N       how many seeds of each (1000)
          --first N       the first seed (0)
          --minutes N     stop after so long, whatever is left
          --parallel N    seeds at a time (one a core)
          --bug NAME      with a planted bug, which should be found
          --trace         print every step of every seed, one at a time
          --keep-going    do not stop at the first failure
        """;

    private static async Task<int> Main(string[] arguments)
    {
        if (SimulationOptions.Parse(arguments) is not { } options)
        {
            await Console.Error.WriteLineAsync(Usage);
            foreach (var scenario in Scenarios.All)
            {
                await Console.Error.WriteLineAsync($"  shape {scenario.Name,-14} {scenario.Says}");
            }

            await Console.Error.WriteLineAsync($"  bugs: {string.Join(", ", Enum.GetNames<Bug>())}");
            return 2;
        }

        var progress = new Progress(options);
        try
        {
            await Parallel.ForEachAsync(
                progress.Seeds(), new ParallelOptions { MaxDegreeOfParallelism = options.Parallel }, (next, _) =>
                {
                    var (scenario, seed) = next;
                    progress.Done(scenario, SeedRun.Try(scenario, seed, options.Bug, options.IsTraced ? Console.Out : null));
                    return ValueTask.CompletedTask;
                });
        }
        finally
        {
            progress.Say(isLast: true);
        }

        return progress.Failures == 0 ? 0 : 1;
    }

    /// <summary>What is done and what is next; several threads ask.</summary>
    private sealed class Progress(SimulationOptions options)
    {
        private static readonly TimeSpan SayEvery = TimeSpan.FromSeconds(10);

        private readonly Lock _gate = new();
        private readonly Stopwatch _watch = Stopwatch.StartNew();
        private TimeSpan _said;
        private long _done;
        private long _acknowledged;

        public int Failures { get; private set; }

        public IEnumerable<(Scenario Scenario, int Seed)> Seeds()
        {
            for (var seed = 0; seed < options.SeedCount; seed++)
            {
                foreach (var scenario in options.Scenarios)
                {
                    if (_watch.Elapsed > options.Longest || (Failures > 0 && !options.KeepsGoing))
                    {
                        yield break;
                    }

                    yield return (scenario, options.First + seed);
                }
            }
        }

        public void Done(Scenario scenario, Outcome outcome)
        {
            lock (_gate)
            {
                _done++;
                _acknowledged += outcome.Acknowledged;
                if (outcome.Failure is { } failure)
                {
                    Failures++;
                    Console.WriteLine(options.IsTraced ? failure.ToString() : failure.Message);
                }

                if (_watch.Elapsed - _said > SayEvery)
                {
                    Say(isLast: false);
                }
            }
        }

        public void Say(bool isLast)
        {
            _said = _watch.Elapsed;
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{(isLast ? "ended" : "so far")}: {_done} seeds in {_said.TotalSeconds:F0} s, {_acknowledged} acknowledged, {Failures} failed"));
        }
    }
}
